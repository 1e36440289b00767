package dev.doorbell.system.faults;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What the services of a world work with: PostgreSQL, the broker and, if wanted, Keycloak. */
record Backends(LocalStack stack, Optional<Keycloak> keycloak) implements AutoCloseable {
    /** Starts all at once; when one cannot be started, the others are closed. */
    static Backends start(LocalPostgres.Options postgres, LocalKafka.Options broker, boolean withKeycloak) {
        CompletableFuture<Optional<Keycloak>> keycloak =
                CompletableFuture.supplyAsync(() -> withKeycloak ? Optional.of(Keycloak.start()) : Optional.empty());
        LocalStack stack;
        try {
            stack = LocalStack.start(postgres, broker);
        } catch (RuntimeException | Error e) {
            keycloak.thenAccept(started -> started.ifPresent(Keycloak::close))
                    .exceptionally(failure -> null)
                    .join();
            throw e;
        }
        try {
            return new Backends(stack, keycloak.join());
        } catch (CompletionException e) {
            stack.close();
            throw e;
        }
    }

    @Override
    public void close() {
        keycloak.ifPresent(Keycloak::close);
        stack.close();
    }
}
