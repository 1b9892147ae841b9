package ui

// ExportsPath is the address of the tables that are given out.
const ExportsPath = "/exports"

// Exports (导出) offers the tables that can be had as files.
type Exports struct {
	Frame
	Orgs    []Option
	Periods []Option
	Tables  []ExportTable
	CSV     bool    // chosen, not a workbook
	Refusal Refusal // why a form was not filled in
}

// Template names the template file.
func (Exports) Template() string { return "exports" }

// Title returns the page's heading.
func (Exports) Title() string { return "导出" }

// ExportTable is one table that can be had.
type ExportTable struct {
	Kind  string // in the address
	Words string
	About string
}
