package io.weir.orders;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import io.weir.orders.Order.Status;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(properties = "spring.datasource.url=jdbc:h2:mem:orders")
@AutoConfigureMockMvc
@EmbeddedWeir
class OrdersTests {

	@Autowired
	private MockMvcTester web;

	@Autowired
	private OrderBook orders;

	@Autowired
	private WeirTestBroker broker;

	@AfterEach
	void letTimeGoOn() {
		this.broker.clock().resume();
	}

	@Test
	void anOrderIsPaid() {
		String order = place("ann");
		assertThat(this.broker).topic("payments", PaymentTaken.class).contains(new PaymentTaken(order, 300));
		awaitStatus(order, Status.PAID);
	}

	@Test
	void aPaymentThatFailsIsTriedAgainAndTheOrderMayBeCancelledMeanwhile() {
		this.broker.clock().stop();
		String order = place("flaky");
		String unwanted = place("flaky");
		assertThat(this.broker).topic("orders").subscription("payments").hasWaitingForRedelivery(2);
		assertThat(this.web.post().uri("/orders/" + unwanted + "/cancellation")).hasStatus(HttpStatus.ACCEPTED);
		awaitStatus(unwanted, Status.CANCELLED);
		await().untilAsserted(() -> {
			this.broker.clock().turn(Duration.ofSeconds(2));
			assertThat(this.broker).within(Duration.ofMillis(100))
				.topic("payments", PaymentTaken.class)
				.contains(new PaymentTaken(order, 300), new PaymentTaken(unwanted, 300));
		});
		awaitStatus(order, Status.PAID);
		assertThat(this.orders.find(unwanted).orElseThrow().status()).isEqualTo(Status.CANCELLED);
	}

	@Test
	void aPaymentThatIsRefusedIsADeadLetterAtOnce() {
		String order = place("broke");
		assertThat(this.broker).topic("orders.payments.dead", OrderPlaced.class)
			.contains(new OrderPlaced(order, "broke", 300));
		awaitStatus(order, Status.REFUSED);
	}

	@Test
	void anOrderIsTakenAndPaidThoughTheBrokerIsAway() {
		this.broker.loseStorage();
		String order = place("bob");
		this.broker.restoreStorage();
		awaitStatus(order, Status.PAID);
	}

	private String place(String customer) {
		var answer = this.web.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.content("{\"customer\":\"" + customer + "\",\"amount\":300}");
		return assertThat(answer).hasStatus(HttpStatus.ACCEPTED).bodyJson().convertTo(Order.class).actual().id();
	}

	private void awaitStatus(String order, Status status) {
		await().untilAsserted(() -> assertThat(this.orders.find(order).orElseThrow().status()).isEqualTo(status));
	}

}
