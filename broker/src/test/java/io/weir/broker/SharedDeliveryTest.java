package io.weir.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.RawClient.Received;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which streams deliveries come on, with the whole broker over real QUIC. */
class SharedDeliveryTest {

	private final Broker broker = Broker.builder().port(0).build().start();

	private final List<RawClient> clients = new ArrayList<>();

	@AfterEach
	void closeAll() {
		this.clients.forEach(RawClient::close);
		this.broker.close();
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith("weir-broker-streams") || name.startsWith("weir-pool-session")));
	}

	@Test
	void sharedDeliveriesMustComeOnStreamsOfTheBrokerAndExclusiveOnesOnTheConsumersOwn() {
		RawClient client = connect();
		client.openProducer(1, "t", "p", -1);
		IntStream.range(0, 50).forEach((i) -> client.publish(1, i, "m" + i));
		client.share(1, "t", "shared", 100);
		assertThat(client.receive(50)).containsExactlyInAnyOrderElementsOf(names(50));
		assertThat(deliveriesOnBrokerStreams(client)).isEqualTo(50);
		client.subscribe(2, "t", "exclusive", 100);
		assertThat(client.receive(50)).containsExactlyElementsOf(names(50));
		assertThat(deliveriesOnBrokerStreams(client)).isEqualTo(50);
	}

	@Test
	void whatIsDeliveredMustUsePermitsOnceAndNeverMore() {
		RawClient client = connect();
		client.openProducer(1, "t", "p", -1);
		client.share(1, "t", "s", 10);
		IntStream.range(0, 30).forEach((i) -> client.publish(1, i, "m" + i));
		client.receive(10);
		assertThat(this.broker.topics().get(0).subscriptions().get(0).inFlight()).isEqualTo(10);
		client.stream().send(new Frame.Flow(1, 20));
		client.receive(20);
		assertThat(client.hasReceivedMore()).isFalse();
	}

	@Test
	void unacknowledgedMessagesMustComeToAnotherConsumerWhenTheConnectionEnds() {
		RawClient client = connect();
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a");
		client.publish(1, 1, "b");
		RawClient first = connect();
		first.share(1, "t", "s", 10);
		List<Received> received = List.of(first.receive(), first.receive());
		MessageId a = received.stream().filter((each) -> each.text().equals("a")).findFirst().orElseThrow().id();
		first.acknowledge(1, a);
		RawClient second = connect();
		second.share(1, "t", "s", 10);
		first.connection().close(ErrorCode.NONE, "crashed");
		Received again = second.receive();
		assertThat(again.text()).isEqualTo("b");
		assertThat(again.redeliveryCount()).isOne();
		assertThat(second.hasReceivedMore()).isFalse();
	}

	private static int deliveriesOnBrokerStreams(RawClient client) {
		assertThat(client.onBrokerStreams().keySet()).as("opened by the broker").allMatch((id) -> id % 4 == 1);
		return client.onBrokerStreams().values().stream().mapToInt(Integer::intValue).sum();
	}

	private static List<String> names(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	private RawClient connect() {
		RawClient client = RawClient.connect(this.broker);
		this.clients.add(client);
		return client;
	}

}
