package dev.doorbell.localstack;

import java.util.Locale;

/** An operating system and a processor, in the words of the binaries' resource names. */
record Platform(String os, String arch) {
    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** From the values of the JVM's {@code os.name} and {@code os.arch}. */
    static Platform of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT).replace(' ', '_');
        if (os.startsWith("mac")) {
            os = "darwin";
        } else if (os.startsWith("windows")) {
            os = "windows";
        }
        String arch = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            // There are no PostgreSQL binaries for Windows on ARM; Windows runs the others by emulation.
            case "aarch64", "arm64" -> os.equals("windows") ? "x86_64" : "arm_64";
            default -> osArch.toLowerCase(Locale.ROOT);
        };
        return new Platform(os, arch);
    }

    String binariesResource() {
        return "postgres-" + os + "-" + arch + ".txz";
    }

    /** The end of the name of the artifact that brings the programs. */
    String artifactClassifier() {
        return os + "-" + (arch.equals("arm_64") ? "arm64v8" : shortArch());
    }

    /** The end of the name of local-stack's Maven profile that brings the artifact. */
    String profile() {
        return os + "-" + (arch.equals("arm_64") ? "arm64" : shortArch());
    }

    private String shortArch() {
        return arch.equals("x86_64") ? "amd64" : arch;
    }

    boolean isWindows() {
        return os.equals("windows");
    }

    String executable(String name) {
        return isWindows() ? name + ".exe" : name;
    }

    /** PostgreSQL refuses to run with administrator rights. */
    static boolean isLinuxRoot() {
        return current().os().equals("linux") && new com.sun.security.auth.module.UnixSystem().getUid() == 0;
    }
}
