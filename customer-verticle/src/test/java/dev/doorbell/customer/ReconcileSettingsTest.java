package dev.doorbell.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcileSettingsTest {
    private final Map<String, String> environment =
            new HashMap<>(Map.of("DATABASE_URL", "postgresql://u:p@localhost:5432/customers"));

    @Test
    void byDefaultItComparesOnceAnHourAndRepairsWhatItsOwnFailedRegistrationsHaveLeft() {
        assertThat(read().interval()).contains(Duration.ofHours(1));
        assertThat(read().options().repair()).containsExactly(DriftKind.ORPHANED);
        assertThat(read().options().expected()).isEmpty();
        assertThat(read().options().pageSize()).isEqualTo(100);
        assertThat(read().options().callsPerSecondMax()).isEqualTo(20);
        environment.put("IDENTITY_RECONCILE_INTERVAL_MS", "0");
        assertThat(read().interval()).isEmpty();
    }

    @Test
    void kindsAreAllOrSome() {
        environment.put("IDENTITY_RECONCILE_REPAIR", "none");
        assertThat(read().options().repair()).isEmpty();
        environment.put("IDENTITY_RECONCILE_REPAIR", "all");
        assertThat(read().options().repair())
                .isEqualTo(DriftKind.ALL_REPAIRS)
                .doesNotContain(DriftKind.NAME_TAKEN, DriftKind.SECOND_USER, DriftKind.UNKNOWN_CUSTOMER);
        environment.put("IDENTITY_RECONCILE_REPAIR", "all,unknown_customer");
        assertThat(read().options().repair()).isEqualTo(DriftKind.REPAIRABLE);
        environment.put("IDENTITY_RECONCILE_REPAIR", "missing, orphaned");
        assertThat(read().options().repair()).containsExactlyInAnyOrder(DriftKind.MISSING, DriftKind.ORPHANED);
    }

    @Test
    void anyKindCanBeExpected() {
        environment.put("IDENTITY_RECONCILE_EXPECTED", "disabled, second_user");
        assertThat(read().options().expected()).containsExactlyInAnyOrder(DriftKind.DISABLED, DriftKind.SECOND_USER);
        environment.put("IDENTITY_RECONCILE_EXPECTED", "all");
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("IDENTITY_RECONCILE_EXPECTED")
                .hasMessageContaining("unknown_customer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name_taken", "missing,", "Missing", "missing;orphaned"})
    void whatIsNoKindOrNeedsAPersonIsRefused(String kinds) {
        environment.put("IDENTITY_RECONCILE_REPAIR", kinds);
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("IDENTITY_RECONCILE_REPAIR")
                .hasMessageContaining("all,missing,orphaned,unknown_customer,enabled_early,disabled,attribute_lost");
    }

    private ReconcileSettings read() {
        return CustomerConfig.read(new Environment(environment)).reconcile();
    }
}
