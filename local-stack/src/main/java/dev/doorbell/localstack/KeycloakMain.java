package dev.doorbell.localstack;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The child JVM: Keycloak's own entry point, called without its shell script (which would be one more process to end, and
 * another one on Windows), and shut down in order when standard input ends, which is when the parent closes it or is gone.
 * Its class path is Keycloak's and the directory of this class: uses nothing but the JDK.
 */
final class KeycloakMain {
    private static final String ENTRY_POINT = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";
    private static final long EXIT_LIMIT_SECONDS = 20;

    private KeycloakMain() {}

    public static void main(String[] arguments) throws Throwable {
        Path home = Path.of(System.getProperty(OwnedProcesses.HOME_PROPERTY));
        Signals.ignore("INT", "HUP");
        endWithInput();
        OwnedProcesses.noteBroker(home);
        try {
            Class.forName(ENTRY_POINT).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void endWithInput() {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            continue;
                        }
                    } catch (IOException closed) {
                        // As good as its end.
                    }
                    ScheduledExecutorService limit = Executors.newSingleThreadScheduledExecutor();
                    limit.schedule(() -> Runtime.getRuntime().halt(1), EXIT_LIMIT_SECONDS, TimeUnit.SECONDS);
                    System.exit(0);
                },
                "end-with-parent");
        watcher.setDaemon(true);
        watcher.start();
    }
}
