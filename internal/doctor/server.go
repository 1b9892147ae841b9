package doctor

import (
	"context"
	"fmt"

	"jifen/internal/fault"
	"jifen/internal/store"
)

// crowded is the share of a server's connections, in percent, above which a warning is
// given: the next program may find none.
const crowded = 80

// server looks at the connections of a database on a server and at the replica that is
// read from; nothing of a file.
func server(ctx context.Context, db *store.ReadOnly) (out []Finding) {
	const name = "连接"
	switch used, limit, ok, err := db.Connections(); {
	case !ok:
		return nil
	case err != nil:
		out = append(out, broken(name, err))
	case used*100 >= limit*crowded:
		out = append(out, Finding{name, Warning, fmt.Sprintf("数据库的 %d 条连接用了 %d 条", limit, used),
			"调大 max_connections，或在前面放 pgbouncer；每个网站最多开的条数写在 docs/city.md"})
	default:
		out = append(out, Finding{name, Well, fmt.Sprintf("数据库的 %d 条连接用了 %d 条", limit, used), ""})
	}
	if r := db.Replica(ctx); r.Name != "" {
		out = append(out, replica(&r))
	}
	return out
}

// replica makes a finding of how a replica stands.
func replica(r *store.ReplicaStats) Finding {
	const name = "副本"
	if r.Why != nil {
		f := fault.From(r.Why)
		return Finding{name, Warning, f.Message, f.Hint}
	}
	return Finding{name, Well, fmt.Sprintf("%s 落后 %.1f 秒，还有 %d 字节没有重放", r.Name, r.Lag.Seconds(), r.Bytes), ""}
}
