package dev.doorbell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final String WITHOUT_KEYCLOAK =
            "{\"status\":\"degraded\",\"checks\":{\"kafka\":{\"status\":\"up\"},\"tokens\":{\"status\":\"degraded\"}}}";

    @Test
    void whatComesLaterIsNotAwaited() {
        assertThat(Readiness.isUp(WITHOUT_KEYCLOAK, Set.of("tokens"))).isTrue();
        assertThat(Readiness.isUp(WITHOUT_KEYCLOAK, Set.of())).isFalse();
        assertThat(Readiness.isUp(WITHOUT_KEYCLOAK.replace("\"up\"", "\"degraded\""), Set.of("tokens")))
                .isFalse();
    }

    @Test
    void upIsUpAndNoReportIsNot() {
        assertThat(Readiness.isUp("{\"status\":\"up\"}", Set.of())).isTrue();
        assertThat(Readiness.isUp("Connection refused", Set.of("tokens"))).isFalse();
        assertThat(Readiness.isUp("{\"status\":\"down\"}", Set.of("tokens"))).isFalse();
    }
}
