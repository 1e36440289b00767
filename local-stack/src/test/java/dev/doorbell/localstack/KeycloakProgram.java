package dev.doorbell.localstack;

/** A program that starts a Keycloak and does not come to its end by itself. */
final class KeycloakProgram {
    private KeycloakProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        LocalKeycloak keycloak =
                LocalKeycloak.start(LocalKeycloak.Options.defaults().withProgress(System.out::println));
        synchronized (keycloak) {
            keycloak.wait();
        }
    }
}
