package dev.doorbell.system.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** The fat jars under test. */
public enum ServiceJar {
    CUSTOMER("customer-verticle"),
    PAYMENT("payment-verticle"),
    RELAY("relay-verticle");

    /** By this system property the guards name a directory of classes and resources that take the place of a jar's own. */
    public static final String CHANGED_CLASSES = "doorbell.guards.classes";

    private final String module;

    ServiceJar(String module) {
        this.module = module;
    }

    /** The service's name, which begins its error lines. */
    public String service() {
        return module;
    }

    public Path path() {
        Path jar = repository().resolve(module).resolve("target").resolve(module + ".jar");
        if (Files.notExists(jar)) {
            throw new IllegalStateException(jar + " is missing; it is made by: mvn package -pl " + module + " -am");
        }
        String changed = System.getProperty(CHANGED_CLASSES);
        return changed == null ? jar : ChangedJar.of(jar, Path.of(changed), Path.of(changed + "-jars"));
    }

    /** Failsafe runs tests in the module's directory, IDEs in that or in the root. */
    public static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("system-tests") ? here.getParent() : here;
    }
}
