package dev.doorbell.system.faults;

import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Every session of a database, or of one application in it, ended by the server: pg_terminate_backend. */
final class SessionFault implements Fault {
    static final String ALL = "%";

    private static final String TERMINATE = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE ?
            """;

    private final String database;
    private final String application;
    private long ended;

    /** @param application a pattern of LIKE */
    SessionFault(String database, String application) {
        this.database = database;
        this.application = application;
    }

    static SessionFault draw(Draw draw) {
        return new SessionFault(
                draw.pick(List.of("customers", "payments")), draw.pick(List.of(ALL, "%verticle%", "%relay%")));
    }

    @Override
    public String kind() {
        return "sessions-terminated";
    }

    @Override
    public String target() {
        return "sessions of " + database;
    }

    @Override
    public Set<String> needs() {
        return Set.of(World.POSTGRES, World.LEADER, "customer-1", "payment-1");
    }

    @Override
    public String details() {
        return application.equals(ALL) ? "" : application;
    }

    @Override
    public Duration lasts() {
        return Duration.ZERO;
    }

    @Override
    public void begin(World world) {
        world.servers()
                .whilePostgresIsThere(() ->
                        Waiting.until("a session of " + database + " is ended").until(() -> terminate(world) > 0));
    }

    /** After a restart of the server it may take a moment until there is one again. */
    private long terminate(World world) {
        ended = world.database(database).texts(TERMINATE, application).stream()
                .filter("t"::equals)
                .count();
        return ended;
    }

    @Override
    public void end(World world) {
        // The services connect again.
    }

    @Override
    public boolean hit() {
        return ended > 0;
    }
}
