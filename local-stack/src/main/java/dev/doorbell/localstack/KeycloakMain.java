package dev.doorbell.localstack;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;

/**
 * The child JVM: Keycloak's own entry point, called without its shell script (which would be one more process to end, and
 * another one on Windows), and shut down in order when standard input ends, which is when the parent closes it or is gone.
 * Its class path is Keycloak's and the directory of this class: uses nothing but the JDK.
 */
final class KeycloakMain {
    private static final String ENTRY_POINT = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";

    private KeycloakMain() {}

    public static void main(String[] arguments) throws Throwable {
        Path home = Path.of(System.getProperty(OwnedProcesses.HOME_PROPERTY));
        Signals.ignore("INT", "HUP");
        EndOfInput.endsThisJvm();
        OwnedProcesses.noteBroker(home);
        try {
            Class.forName(ENTRY_POINT).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
