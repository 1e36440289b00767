package dev.doorbell.system.faults.history;

import dev.doorbell.system.harness.Database;
import java.time.Instant;
import java.util.List;

/**
 * Keeps every moment to which the deadlock detector moves the deadlines. {@code saga_watch} only has the last one, and a
 * registration that ended before it can be judged by those before. A trigger, because whoever asks now and then misses
 * some, and cannot ask while the database is away.
 */
public final class LagHistory {
    private static final String INSTALL = """
            CREATE TABLE saga_lag (lagged_at timestamptz PRIMARY KEY);
            INSERT INTO saga_lag SELECT lagged_at FROM saga_watch;
            CREATE FUNCTION keep_lag() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO public.saga_lag VALUES (NEW.lagged_at) ON CONFLICT DO NOTHING;
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER keep_lag AFTER UPDATE ON saga_watch
            FOR EACH ROW WHEN (OLD.lagged_at <> NEW.lagged_at) EXECUTE FUNCTION keep_lag();
            """;

    private LagHistory() {}

    /** Once, after the migration and before the services. */
    public static void install(Database customers) {
        customers.execute(INSTALL);
    }

    /** Without {@link #install} the last one alone. */
    static List<Instant> read(Database customers) {
        boolean installed =
                customers.text("SELECT to_regclass('saga_lag') IS NOT NULL").equals("t");
        String sql = "SELECT lagged_at FROM " + (installed ? "saga_lag" : "saga_watch") + " ORDER BY 1";
        return customers.list(sql, row -> Rows.instant(row, 1));
    }
}
