package dev.doorbell.payment.domain;

import static dev.doorbell.payment.domain.PaymentStatus.AUTHORIZED;
import static dev.doorbell.payment.domain.PaymentStatus.REFUSED;
import static dev.doorbell.payment.domain.PaymentStatus.REVERSED;
import static dev.doorbell.payment.domain.PaymentTransition.AUTHORIZE;
import static dev.doorbell.payment.domain.PaymentTransition.REFUSE;
import static dev.doorbell.payment.domain.PaymentTransition.REVERSE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PaymentTransitionTest {
    /** @param from null for no payment; @param to null for no change */
    record Row(PaymentStatus from, PaymentTransition transition, PaymentStatus to) {}

    /** Written out, and not derived from the code: this is the table that the code must match. */
    static final List<Row> TABLE = List.of(
            new Row(null, AUTHORIZE, AUTHORIZED),
            new Row(null, REFUSE, REFUSED),
            new Row(null, REVERSE, null),
            new Row(AUTHORIZED, AUTHORIZE, null),
            new Row(AUTHORIZED, REFUSE, null),
            new Row(AUTHORIZED, REVERSE, REVERSED),
            new Row(REFUSED, AUTHORIZE, null),
            new Row(REFUSED, REFUSE, null),
            new Row(REFUSED, REVERSE, null),
            new Row(REVERSED, AUTHORIZE, null),
            new Row(REVERSED, REFUSE, null),
            new Row(REVERSED, REVERSE, null));

    @ParameterizedTest
    @FieldSource("TABLE")
    void changesWhatTheTableSays(Row row) {
        assertThat(row.transition().on(row.from())).isEqualTo(Optional.ofNullable(row.to()));
    }

    @Test
    void theTableIsComplete() {
        List<PaymentStatus> statuses = new ArrayList<>(Arrays.asList(PaymentStatus.values()));
        statuses.add(null);
        for (PaymentStatus status : statuses) {
            for (PaymentTransition transition : PaymentTransition.values()) {
                assertThat(TABLE)
                        .filteredOn(row -> row.from() == status && row.transition() == transition)
                        .as("%s on %s", transition, status)
                        .hasSize(1);
            }
        }
    }
}
