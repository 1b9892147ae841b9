package engine

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"

	"jifen/internal/fault"
)

// Run calls the work of a Write. A panic in it is an error of code internal.
func Run(work func(Writer) error, w Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			panicked := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			err = fault.Wrap(panicked, fault.Internal, "程序出错，没有写入").WithHint("请报告")
		}
	}()
	return work(w)
}

// Nested refuses a caller whom Run has called, however far down: a Write within a
// Write waits for what waits for it.
func Nested() error {
	var callers [64]uintptr
	run := reflect.ValueOf(Run).Pointer()
	for _, pc := range callers[:runtime.Callers(2, callers[:])] {
		if f := runtime.FuncForPC(pc - 1); f != nil && f.Entry() == run {
			return fault.New(fault.Internal, "写入之中又要写入").WithHint("这是程序的错，请报告")
		}
	}
	return nil
}
