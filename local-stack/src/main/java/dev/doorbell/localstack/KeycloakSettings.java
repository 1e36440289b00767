package dev.doorbell.localstack;

import java.nio.file.Path;
import java.util.List;

/** The arguments of kc.sh. */
final class KeycloakSettings {
    /** Of the H2 database, relative to the server's directory. */
    static final String DATABASE_FILE = "data/keycloak.mv.db";

    /** Health beside everything else, so that the management interface opens no port of its own. */
    static final List<String> BUILD =
            List.of("build", "--db=dev-file", "--health-enabled=true", "--http-management-health-enabled=false");

    private KeycloakSettings() {}

    /**
     * @param advertisedPort what stands in tokens as their issuer, that of a proxy for example
     * @param durable whether what was committed survives a kill: H2 otherwise writes up to half a second later
     */
    static List<String> start(Path home, int port, int advertisedPort, boolean durable) {
        String database = "jdbc:h2:file:" + home.resolve("data").resolve("keycloak") + ";NON_KEYWORDS=VALUE"
                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0" + (durable ? ";WRITE_DELAY=0" : "");
        return List.of(
                "start",
                "--optimized",
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=http://127.0.0.1:" + advertisedPort,
                // Alone: it looks for no other nodes.
                "--cache=local",
                "--db-url=" + database,
                "--log=console,file",
                "--log-file=" + home.resolve("keycloak.log"));
    }
}
