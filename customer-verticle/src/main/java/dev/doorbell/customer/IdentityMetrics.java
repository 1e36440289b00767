package dev.doorbell.customer;

import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.usecase.IdentityListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Counts the work on users. Labels are bounded: states, and the reasons of failures. */
final class IdentityMetrics implements IdentityListener {
    private final MeterRegistry registry;
    private Duration oldest = Duration.ZERO;
    private Optional<String> refusal = Optional.empty();

    IdentityMetrics(MeterRegistry registry) {
        this.registry = registry;
        TimeGauge.builder("doorbell.identity.oldest", this, TimeUnit.MILLISECONDS, metrics -> metrics.oldest.toMillis())
                .description("how long the oldest work on a user has waited for its end")
                .register(registry);
    }

    @Override
    public void attempted(IdentityState state) {
        Counter.builder("doorbell.identity.attempts")
                .description("attempts at work on users, by the state that they began in")
                .tag("state", label(state.name()))
                .register(registry)
                .increment();
    }

    @Override
    public void ended(IdentityState state, String outcome) {
        Counter.builder("doorbell.identity.outcomes")
                .description("what attempts at work on users led to: a state, or why it is tried again")
                .tag("state", label(state.name()))
                .tag("outcome", label(outcome))
                .register(registry)
                .increment();
    }

    @Override
    public void permitted() {
        refusal = Optional.empty();
    }

    @Override
    public void permitRefused(String reason) {
        refusal = Optional.of(label(reason));
        Counter.builder("doorbell.identity.token.failures")
                .description("times that Keycloak gave no token for work on users, by reason")
                .tag("reason", label(reason))
                .register(registry)
                .increment();
    }

    /** Why the work on users has no token at the moment. */
    Optional<String> refusal() {
        return refusal;
    }

    @Override
    public void oldest(Duration age) {
        oldest = age;
    }

    Duration oldest() {
        return oldest;
    }

    private static String label(String constant) {
        return constant.toLowerCase(Locale.ROOT);
    }
}
