package io.weir.spring.modulith;

import java.util.List;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.modulith.events.EventPublication;
import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.modulith.events.core.EventPublicationRegistry;

import io.weir.message.Message;
import io.weir.spring.modulith.shop.OrderPlaced;
import io.weir.spring.modulith.shop.Orders;
import io.weir.spring.modulith.shop.ShopApplication;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Events of a database's transactions become messages, though the broker fails. */
@EmbeddedWeir
class OutboxTests {

	private static final OrderPlaced ANN = new OrderPlaced("o-1", "ann", 3);

	private static final OrderPlaced BOB = new OrderPlaced("o-2", "bob", 1);

	private static final String PATIENT = "30s";

	private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	private WeirTestBroker broker;

	private ConfigurableApplicationContext application;

	@BeforeEach
	void keep(WeirTestBroker broker) {
		this.broker = broker;
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	private void start(String sendTimeout) {
		this.application = new SpringApplicationBuilder(ShopApplication.class).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + this.database, "spring.main.banner-mode=off",
					"spring.modulith.events.jdbc.schema-initialization.enabled=true",
					"spring.modulith.events.republish-outstanding-events-on-restart=true",
					"weir.client.service-url=" + this.broker.serviceUrl(), "weir.producer.send-timeout=" + sendTimeout)
			.run();
	}

	private void place(OrderPlaced order) {
		this.application.getBean(Orders.class).place(order);
	}

	private List<Object> unpublished() {
		return this.application.getBean(EventPublicationRegistry.class)
			.findIncompletePublications()
			.stream()
			.map(EventPublication::getEvent)
			.toList();
	}

	private boolean has(EventPublication.Status status) {
		return this.application.getBean(EventPublicationRegistry.class)
			.findIncompletePublications()
			.stream()
			.anyMatch((publication) -> publication.getStatus() == status);
	}

	@Test
	void whatIsCommittedIsPublishedWithKeyAndHeadersAndWhatIsRolledBackIsNot() {
		start(PATIENT);
		place(ANN);
		assertThatThrownBy(() -> place(ANN)).isInstanceOf(DuplicateKeyException.class);
		place(BOB);
		assertThat(this.broker).topic("orders", OrderPlaced.class).containsExactlyInAnyOrder(ANN, BOB);
		Message<OrderPlaced> bob = this.broker.messages("orders", OrderPlaced.class)
			.stream()
			.filter((message) -> message.value().equals(BOB))
			.findFirst()
			.orElseThrow();
		assertThat(bob.key()).isEqualTo("bob");
		assertThat(bob.headers().asMap()).containsEntry("order_id", "o-2").containsEntry("weir_type", "OrderPlaced");
		Awaitility.await().until(() -> unpublished().isEmpty());
	}

	@Test
	void whatTheBrokerDidNotStoreStaysInTheOutboxUntilItIsSubmittedAgain() {
		start("500ms");
		this.broker.loseStorage();
		place(ANN);
		FailedEventPublications failed = this.application.getBean(FailedEventPublications.class);
		Awaitility.await().until(() -> has(EventPublication.Status.FAILED));
		assertThat(unpublished()).containsExactly(ANN);
		this.broker.restoreStorage();
		Awaitility.await().until(() -> {
			failed.resubmit(ResubmissionOptions.defaults());
			return unpublished().isEmpty();
		});
		assertThat(this.broker).topic("orders", OrderPlaced.class).contains(ANN);
	}

	@Test
	void whatWasUnfinishedWhenTheApplicationEndedIsPublishedWhenItStartsAgain() {
		start("500ms");
		this.broker.loseStorage();
		place(ANN);
		this.application.close();
		this.broker.restoreStorage();
		assertThat(this.broker).topic("orders").hasNoMessages();
		start(PATIENT);
		assertThat(this.broker).topic("orders", OrderPlaced.class).containsExactly(ANN);
		Awaitility.await().until(() -> unpublished().isEmpty());
	}

}
