package engine

import (
	"fmt"
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
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		if frame.Function == runName {
			return fault.New(fault.Internal, "写入之中又要写入").WithHint("这是程序的错，请报告")
		}
		if !more {
			return nil
		}
	}
}

// runName is the name of Run in a stack of calls. A test of every engine holds it.
const runName = "jifen/internal/store/engine.Run"
