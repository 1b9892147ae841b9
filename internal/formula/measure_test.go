package formula

import "testing"

// TestMeasureIsTheOneNumberThatIsCompared: a condition judged by the value of
// the measure is true where it is true as a whole.
func TestMeasureIsTheOneNumberThatIsCompared(t *testing.T) {
	t.Parallel()
	m, ok := MeasureOf([]string{"(完成 / 任务 否则 0) >= 0.9", "0.8 <= (完成 / 任务 否则 0) <= 0.89",
		"not (0.5 < (完成 / 任务 否则 0)) or (完成 / 任务 否则 0) == 0.6"})
	if !ok || m.Text != "完成 / 任务 否则 0" || m.Whole || m.Exact || len(m.Cuts) != 5 {
		t.Fatalf("%v %+v", ok, m)
	}
	for value, want := range map[int64][3]bool{
		95: {true, false, false}, 90: {true, false, false}, 89: {false, true, false}, 80: {false, true, false},
		79: {false, false, false},
		60: {false, false, true}, 50: {false, false, true}, 51: {false, false, false},
	} {
		for i, holds := range m.Holds {
			if holds(Hundredths(value)) != want[i] {
				t.Errorf("0.%d: condition %d is %v", value, i, !want[i])
			}
		}
	}
	if m, ok = MeasureOf([]string{"取整(得分 / 10) >= 9"}); !ok || !m.Whole {
		t.Errorf("取整: %v %+v", ok, m)
	}
	if m, ok = MeasureOf([]string{"得分 - 其他 >= -3"}); !ok || !m.Exact || m.Cuts[0].Cmp(Int(-3)) != 0 {
		t.Errorf("a difference: %v %+v", ok, m)
	}
	for _, src := range [][]string{{"得分 >= 9"}, {"得分 + 其他 >= 9", "得分 >= 3"}, {"得分 + 其他 >= 9", "得分 - 其他 >= 3"},
		{"得分 + 其他 >= 其他"}, {"流动"}, {"得分 + 其他 >= 9 and 流动"}, {"本年次数(\"甲\") >= 1"}} {
		if m, ok := MeasureOf(src); ok {
			t.Errorf("%v is by %q", src, m.Text)
		}
	}
}
