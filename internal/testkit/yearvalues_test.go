package testkit_test

// What everybody has in the year of TestAYearOfAStreet, reckoned by hand from the rules
// (testdata/year.yaml) and from what happens, before any of it was run: 基础 begins at 80 (of
// E: 85), 总分 is 基础 + 评议 (at most 20) + 贡献 (at most 20; of A: 15).
//
//	P0001 A  02-12 a wish of his own, to which the community agrees: +1. Taken back on
//	         06-15: 80. 评议 90 → 18.
//	P0002 B  absent 02-10: −5, and 11-10, the second time in twelve months: −10. 评议 62 →
//	         12.4: 80 − 15 + 12.4. In 2027 absent 01-05, the third time in twelve months:
//	         −10, and a complaint of 01-06: −3; 67.
//	P0003 B  a city's commendation of 04-08, 30 for two years, agreed to on 04-20: 贡献 is
//	         cut to 20. 评议 100 → 20. It goes on in 2027: 100.
//	P0004 B  警告 from 03-05 to 11-30: in 2026 at most 二星. 12 hours: the step of 10, +2; 8
//	         more on 05-16 make 20: +5. 评议 90 → 18: 103.
//	P0005 B  留党察看 from 09-10, recorded on 10-01, ended from 12-15: 0 for 2026, as of any
//	         day from 09-10 on.
//	P0006 C  absent 06-09: −5; made up on 07-01, recorded 07-03: 0. 评议 65 → 13. What was
//	         recorded of him by mistake on 11-03, 留党察看, was taken back on 11-05.
//	P0007 B  清理楼道 of the first branch's own on 06-05: +1, and again for 06-25, recorded
//	         after he had moved to the second on 07-01 and undone at once; 护河值守 of the
//	         second on 09-02: +1, taken back on 09-10. 评议 90 → 18: 99.
//	P0008 A  a complaint of 02-20: −2, taken back on 04-10; one of 06-29, recorded on
//	         07-03: −2, as the rules say of before July.
//	P0009 D  (流动) from 04-01: absent 06-16 costs nothing. On 07-08 it is recorded that it
//	         ended on 06-10: he is B and −5. 评议 90 → 18: 93.
//	P0010 B  left on 05-01 and came back on 08-15. 评议 80 → 16.
//	P0011 B  a street's commendation of 09-18, 5 for a year: still there in January. 评议 65
//	         → 13: 98. Moves to the third branch, of 西园, from 10-01.
//	P0012 B  dues of January and February missing: −10, until they are recorded on 03-16.
//	         暂离 from 03-15 to 05-15: absent 05-12 costs nothing; absent 06-16, the first
//	         time that counts: −5. From 10-01 in an office's branch, for which there are no rules.
//	P0013 E  (照顾) from 06-01 to the year's end: 85; absent 06-23 costs nothing. 评议 90 →
//	         18: 103. In 2027 B, absent 01-05, the first time that counts: 75.
//	P0014 C  absent 04-21 in a lesson that was taken back the next day, and thought to have left
//	         from 09-15, for a day: neither leaves anything. A rescue of 07-20, 8 doubled for
//	         the newspaper: +16, agreed to on 07-25.
//	P0015 B  不参加积分 from 03-15 to 06-14. 75 years old on 10-05: E, 85. A street's
//	         commendation of 10-20, recorded on 11-12: +5 for a year: 90, in January too.
//	P0016 B  a guest of the first branch from 04-02 to 09-11: its line of 06-09, absent, is
//	         returned by his own. Moved there on 08-03 by mistake, until 08-05. Gave 350 on
//	         02-11: 3; with 250 on 05-20 600: 6. A wish of 12-22, recorded in January when the
//	         branch was opened again: 87 for 2026.
//	P0017 B  a street's commendation of 02-25: 5 for a year; a rescue of 05-09: 8; 20 hours
//	         on 08-08: 5; 评议 100 → 20: 118. In January the 5 are left.
//	P0018 B  joined on 03-01, a full member from 09-01. A rescue of 09-25, claimed on 10-12,
//	         returned on 11-01, handed in again on 11-02, agreed to: 8. 评议 100 → 20: 108.

// endOfMarch: P0004 has 82, which would be 三星, and is held at 二星 by the warning.
const endOfMarch = `
P0001 A 81 三星
P0002 B 75 二星
P0003 B 80 三星
P0004 B 82 二星
P0005 B 80 三星
P0006 C 80 三星
P0007 B 80 三星
P0008 A 78 二星
P0009 B 80 三星
P0010 B 80 三星
P0011 B 80 三星
P0012 B 80 三星
P0013 B 80 三星
P0014 C 80 三星
P0015 不计分
P0016 B 83 三星
P0017 B 85 三星
P0018 B 80 三星
`

// endOfJune: P0010 has left.
const endOfJune = `
P0001 A 80 三星
P0002 B 75 二星
P0003 B 100 四星
P0004 B 85 二星
P0005 B 80 三星
P0006 C 75 二星
P0007 B 81 三星
P0008 A 80 三星
P0009 D 80 三星
P0010 不计分
P0011 B 80 三星
P0012 B 75 二星
P0013 E 85 三星
P0014 C 80 三星
P0015 B 80 三星
P0016 B 86 三星
P0017 B 93 三星
P0018 B 80 三星
`

// endOfSeptember: what P0005 and P0018 have is not known yet.
const endOfSeptember = `
P0001 A 80 三星
P0002 B 75 二星
P0003 B 100 四星
P0004 B 85 二星
P0005 B 80 三星
P0006 C 80 三星
P0007 B 81 三星
P0008 A 78 二星
P0009 B 75 二星
P0010 B 80 三星
P0011 B 85 三星
P0012 B 75 二星
P0013 E 85 三星
P0014 C 96 四星
P0015 B 80 三星
P0016 B 86 三星
P0017 B 98 四星
P0018 B 80 三星
`

const inNovember = `
P0001 A 98 四星
P0002 B 77.4 二星
P0003 B 120 五星
P0004 B 103 二星
P0005 B 0 一星
P0006 C 93 三星
P0007 B 99 四星
P0008 A 78 二星
P0009 B 93 三星
P0010 B 96 四星
P0011 B 98 四星
P0012 不计分
P0013 E 103 四星
P0014 C 96 四星
P0015 E 90 三星
P0016 B 86 三星
P0017 B 118 五星
P0018 B 108 五星
`

const nextJanuary = `
P0001 A 80 三星
P0002 B 67 二星
P0003 B 100 四星
P0004 B 80 三星
P0005 B 80 三星
P0006 C 80 三星
P0007 B 80 三星
P0008 A 80 三星
P0009 B 80 三星
P0010 B 80 三星
P0011 B 85 三星
P0012 不计分
P0013 B 75 二星
P0014 C 80 三星
P0015 E 90 三星
P0016 B 80 三星
P0017 B 85 三星
P0018 B 80 三星
`

// placesInNovember: who has as much is ordered by 贡献 (P0004 5 before P0013 0; P0011 5 before
// P0001 0; P0014 16 before P0010 0), then by 评议 (P0009 18 before P0006 13).
const placesInNovember = "P0003 P0017 P0018 P0004 P0013 P0007 P0011 P0001 P0014 P0010 P0009 P0006 P0015 P0016 P0008 " +
	"P0002 P0005"

// yearsEnd is 2026 as it stands when all of it is recorded: as inNovember, but for the wish of
// P0016.
const yearsEnd = `
P0001 A 98 四星
P0002 B 77.4 二星
P0003 B 120 五星
P0004 B 103 二星
P0005 B 0 一星
P0006 C 93 三星
P0007 B 99 四星
P0008 A 78 二星
P0009 B 93 三星
P0010 B 96 四星
P0011 B 98 四星
P0012 不计分
P0013 E 103 四星
P0014 C 96 四星
P0015 E 90 三星
P0016 B 87 三星
P0017 B 118 五星
P0018 B 108 五星
`

// The first registers, of December: the attributes of the rules are columns like others.
const (
	easternRegister = `姓名,所在党支部,出生日期,人员类别,职务,就业
示例甲一,东关第一党支部,1970-01-01,正式党员,支部书记,无业
示例甲二,东关第一党支部,1971-02-02,正式党员,无,无业
示例甲三,东关第一党支部,1972-03-03,正式党员,无,无业
示例甲四,东关第一党支部,1973-04-04,正式党员,无,灵活就业
示例甲五,东关第一党支部,1974-05-05,正式党员,无,无业
示例甲六,东关第一党支部,1975-06-06,正式党员,无,在职
示例甲七,东关第一党支部,1976-07-07,正式党员,无,无业
示例乙一,东关第二党支部,1977-08-08,正式党员,支部书记,离退休
示例乙二,东关第二党支部,1978-09-09,正式党员,无,无业
示例乙三,东关第二党支部,1979-10-10,正式党员,无,无业
示例乙四,东关第二党支部,1980-11-11,正式党员,无,离退休
示例乙五,东关第二党支部,1981-12-12,正式党员,无,无业
`
	westernRegister = `姓名,所在党支部,出生日期,人员类别,职务,就业
示例丙一,西园第一党支部,1960-01-13,正式党员,无,离退休
示例丙二,西园第一党支部,1961-02-14,正式党员,无,两新
示例丙三,西园第一党支部,1951-10-05,正式党员,无,离退休
示例丙四,西园第一党支部,1963-04-16,正式党员,无,灵活就业
示例丙五,西园第一党支部,1964-05-17,正式党员,无,无业
`
	marchRegister = `姓名,所在党支部,出生日期,人员类别,职务,就业
示例丙六,西园第一党支部,1995-06-18,预备党员,无,灵活就业
`
)

// The texts that branches and a community have beside the street's.
const (
	firstSupplement  = "补充: year\n支部: 东关第一党支部\n施行: 2026-03-01\n项目: {清理楼道: 1}\n"
	secondSupplement = "补充: year\n支部: 东关第二党支部\n施行: 2026-03-01\n项目: {护河值守: 1}\n"
	besideText       = `办法: 东关社区志愿积分办法
编号: zhiyuan
施行: 2026-04-01
周期: {考核: 年}
默认: {补录: 30天}
类别: {全体: {名称: 全体, 当: 其余}}
板块: {志愿: {起点: 60}}
项目: {社区值班: {板块: 志愿, 记录: {时长: 0至24}, 分值: 时长}}
`
)
