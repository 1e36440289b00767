package dev.doorbell.quickstart;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the user asked for.
 *
 * @param exit end after the samples
 * @param directory where the data is kept, null for an ephemeral run
 */
record QuickstartArguments(boolean exit, Path directory, boolean help) {
    static final String HELP = """
            Doorbell quickstart: the registration system on PostgreSQL, Kafka and Keycloak of its own.

              --exit             ends after the two samples: 0 when all went as it should, otherwise 1
              --directory <dir>  keeps the data there; without it everything is deleted at the end
              --help             prints this

            With IDENTITY_PROVIDER=none in the environment it runs without Keycloak: nobody signs in.

            With Maven: mvn -q compile exec:exec "-Dquickstart.args=--exit"
            """;

    /** @throws IllegalArgumentException naming what cannot be understood */
    static QuickstartArguments parse(String[] args) {
        boolean exit = false;
        Path directory = null;
        boolean help = false;
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        while (!rest.isEmpty()) {
            String argument = rest.poll();
            switch (argument) {
                case "--exit" -> exit = true;
                case "--help", "-h" -> help = true;
                case "--directory" -> {
                    if (rest.isEmpty()) {
                        throw new IllegalArgumentException("--directory needs a directory behind it");
                    }
                    directory = Path.of(rest.poll());
                }
                default ->
                    throw new IllegalArgumentException("\"" + argument + "\" is not known; --help lists what is");
            }
        }
        return new QuickstartArguments(exit, directory, help);
    }
}
