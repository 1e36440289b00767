package dev.doorbell.payment.store;

import static dev.doorbell.payment.PaymentsDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.payment.PaymentsDatabase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the table refuses by itself, should a use case forget the version file. */
@ExtendWith(VertxExtension.class)
class PaymentTableTest {
    private static final String INSERT = """
            INSERT INTO payment (id, customer_id, payer_name, payer_card, payer_card_brand, payee_name,
                                 payee_bank_account, payee_bank_name, amount, currency, status)
            VALUES (uuidv7(), $1, 'Ada Sample', '************1111', 'visa', 'Doorbell', 'account', 'bank', 2.00, 'EUR',
                    'AUTHORIZED')
            """;

    @Test
    void aCustomerHasNoSecondPaymentInForce(Vertx vertx) {
        UUID customer = UUID.randomUUID();
        try (PaymentsDatabase database = PaymentsDatabase.create(vertx)) {
            insert(database, customer);
            insert(database, UUID.randomUUID());
            assertThatThrownBy(() -> insert(database, customer)).hasMessageContaining("payment_customer");
            assertThat(database.payments(customer)).hasSize(1);
        }
    }

    private static void insert(PaymentsDatabase database, UUID customer) {
        await(database.pool().preparedQuery(INSERT).execute(Tuple.of(customer)));
    }
}
