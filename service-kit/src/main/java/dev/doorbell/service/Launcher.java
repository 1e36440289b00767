package dev.doorbell.service;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.jar.Manifest;

/**
 * The fat jars' {@code Main-Class}. It is compiled for Java 8, unlike everything else, because an older JVM cannot even
 * load our classes: this one tells the user so in a line instead of a stack trace, then hands over to the class that
 * the manifest names as {@code Doorbell-Main}.
 */
public final class Launcher {
    static final int JAVA_VERSION_MIN = 17;

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        String refusal = refusal(System.getProperty("java.specification.version"));
        if (refusal != null) {
            System.err.println(refusal);
            System.exit(1);
        }
        try {
            Class.forName(mainClass()).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception) {
                throw (Exception) e.getCause();
            }
            throw e;
        }
    }

    /** Returns the line to print when {@code version}, such as "1.8" or "17", is too old, otherwise null. */
    static String refusal(String version) {
        String major = version.startsWith("1.") ? version.substring(2) : version;
        int dot = major.indexOf('.');
        int number = Integer.parseInt(dot < 0 ? major : major.substring(0, dot));
        return number >= JAVA_VERSION_MIN
                ? null
                : "Doorbell needs Java " + JAVA_VERSION_MIN + " or newer; this is Java " + number + ".";
    }

    private static String mainClass() throws IOException {
        try (InputStream in = Launcher.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            String name =
                    in == null ? null : new Manifest(in).getMainAttributes().getValue("Doorbell-Main");
            if (name == null) {
                throw new IllegalStateException("The jar's manifest has no Doorbell-Main.");
            }
            return name;
        }
    }
}
