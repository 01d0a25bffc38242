package io.weir.broker;

import org.junit.jupiter.api.Test;

import io.weir.broker.RawClient.Received;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What clients see of topics that are deleted. */
class DeletedTopicTest extends BrokerFixture {

	@Test
	void clientsOfATopicThatIsDeletedByForceMustBeToldForGood() {
		Broker broker = start();
		RawClient producer = connect(broker);
		producer.openProducer(1, "orders", "p", -1);
		producer.publish(1, 0, "a");
		RawClient consumer = connect(broker);
		consumer.subscribe(1, "orders", "s", 10);
		consumer.receive();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> broker.deleteTopic("orders", false))
			.withMessage("Topic 'orders' has 1 producers and 1 consumers")
			.satisfies((refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.TOPIC_BUSY));
		broker.deleteTopic("orders", true);
		assertThat(producer.pushed()).isInstanceOfSatisfying(Frame.ProducerClosed.class,
				(closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.NOT_FOUND));
		assertThat(consumer.pushed()).isInstanceOfSatisfying(Frame.ConsumerClosed.class,
				(closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.NOT_FOUND));
		assertThat(ErrorCode.NOT_FOUND.retryable()).isFalse();
		assertThat(broker.topic("orders")).isEmpty();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> broker.deleteTopic("orders", true))
			.withMessage("There is no topic 'orders'");
		assertThatIllegalArgumentException().isThrownBy(() -> broker.deleteTopic("orders#1", true));
	}

	@Test
	void idOfADeletedTopicMustBeNoneOfTheNewOne() {
		Broker broker = start();
		RawClient client = connect(broker);
		client.openProducer(1, "orders", "p", -1);
		client.publish(1, 0, "a");
		client.publish(1, 1, "b");
		client.subscribe(1, "orders", "s", 10);
		Received old = client.receive();
		broker.deleteTopic("orders", true);
		client.openProducer(2, "orders", "p", -1);
		client.publish(2, 0, "c");
		client.publish(2, 1, "d");
		client.subscribe(2, "orders", "s", 10);
		client.acknowledge(2, old.id());
		Received next = client.receive();
		while (next.text().equals("b")) {
			// It was on its way already.
			next = client.receive();
		}
		assertThat(next.text()).isEqualTo("c");
		assertThat(client.receive().text()).isEqualTo("d");
		client.ask(new Frame.CloseConsumer(2));
		broker.seek("orders", "s", old.id());
		assertThat(broker.topic("orders").orElseThrow().subscriptions().get(0).backlog()).isEqualTo(2);
		client.subscribe(3, "orders", "s", 10);
		Received first = client.receive();
		assertThat(first.text()).as("the first one that there is").isEqualTo("c");
		assertThat(client.ask(new Frame.SeekId(3, old.id()))).isEqualTo(new Frame.Ok(Position.of(first.id()), null));
		assertThat(client.ask(new Frame.SeekTime(3, 1))).as("nothing is gone").isEqualTo(new Frame.Ok());
	}

}
