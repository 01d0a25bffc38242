package io.weir.broker.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.security.BrokerSecurity;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.transport.StreamHandler;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What a client is told of partitions, and when. */
class PartitionNoticesTest {

	private final TopicPartitions partitions = new TopicPartitions();

	private final List<Topic> asked = new ArrayList<>();

	private final List<Command> closed = new ArrayList<>();

	private final ClientSessions registry = new ClientSessions();

	private final Sessions sessions = new Sessions(new SessionSettings("b", 1024, 1024, Budgets.unlimited(),
			BrokerSecurity.NONE, InstantSource.system(), this.partitions, (prefix, after, limit) -> List.of()),
			this::answer, this.registry);

	private final FakeConnection connection = new FakeConnection();

	private final FakeStream control = new FakeStream(0, this.connection);

	private final FakeStream stream = new FakeStream(4, this.connection);

	private final StreamHandler session = this.sessions.accept(this.connection).accept(this.control);

	@AfterEach
	void close() {
		this.connection.breakDown(ErrorCode.CONNECTION_LOST);
		this.sessions.close();
	}

	/** As a topic that agrees to everything. */
	private void answer(Topic topic, Command command) {
		if (command instanceof Command.OpenProducer open) {
			this.asked.add(topic);
			this.registry.tell(new Effect.ProducerOpened(open.replyTo(), open.name(), 0, -1));
		}
		else if (command instanceof Command.Subscribe subscribe) {
			this.asked.add(topic);
			this.registry.tell(new Effect.Done(subscribe.replyTo()));
		}
		else if (command instanceof Command.CloseProducer || command instanceof Command.CloseConsumer) {
			this.closed.add(command);
		}
	}

	private void connect(Feature... features) {
		this.session.onFrame(this.control, 1, new Frame.Connect("client", null, Set.of(features)));
	}

	private void openProducer(String topic) {
		this.session.onFrame(this.stream, 1, new Frame.OpenProducer(1, topic, "p", -1, AccessMode.SHARED));
	}

	private void subscribe(String topic) {
		this.session.onFrame(this.stream, 2,
				new Frame.Subscribe(2, topic, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST, "c", true));
	}

	@Test
	void nothingIsSaidOfATopicWithoutPartitions() {
		connect(Feature.PARTITIONS);
		openProducer("t");
		subscribe("t");
		assertThat(this.stream.said()).containsExactly(new Frame.ProducerOpened("p", 0, -1), new Frame.Ok());
		assertThat(this.control.said()).hasSize(1);
	}

	@Test
	void numberIsToldBeforeTheAnswer() {
		this.partitions.learn(new Topic("t"), 4, 1);
		connect(Feature.PARTITIONS);
		openProducer("t");
		subscribe("t");
		assertThat(this.stream.said()).containsExactly(new Frame.Partitions("t", 4),
				new Frame.ProducerOpened("p", 0, -1), new Frame.Partitions("t", 4), new Frame.Ok());
	}

	@Test
	void newNumberIsToldOnceOnEachStream() {
		connect(Feature.PARTITIONS);
		openProducer("t");
		subscribe("t");
		this.partitions.learn(new Topic("t"), 4, 1);
		assertThat(this.stream.said()).hasSize(3).last().isEqualTo(new Frame.Partitions("t", 4));
		this.partitions.learn(new Topic("other"), 4, 1);
		this.partitions.learn(new Topic("t"), 3, 1);
		assertThat(this.stream.said()).as("of others, or what is older").hasSize(3);
	}

	@Test
	void subscriptionsStayAsTheyAreWhileATopicIsGivenPartitions() {
		Topic topic = new Topic("t");
		connect(Feature.PARTITIONS);
		subscribe("t");
		this.partitions.raising(topic);
		this.stream.said().clear();
		this.session.onFrame(this.stream, 2, new Frame.Unsubscribe(2));
		subscribe("t");
		assertThat(this.stream.said()).hasSize(2)
			.containsOnly(new Frame.ErrorReply(ErrorCode.TOPIC_BUSY, "Topic 't' is being given partitions; try again"));
		assertThat(this.asked).containsExactly(topic);
		this.partitions.learn(topic, 4, 1);
		this.partitions.raised(topic);
		this.stream.said().clear();
		subscribe("t");
		assertThat(this.stream.said()).containsExactly(new Frame.Partitions("t", 4), new Frame.Ok());
	}

	@Test
	void topicIsGivenPartitionsWhenTheEngineWasAskedForWhatWasAllowedBefore() throws InterruptedException {
		Topic topic = new Topic("t");
		Thread raising = new Thread(() -> this.partitions.raising(topic));
		this.partitions.changeSubscriptions(topic, () -> {
			raising.start();
			await().atMost(Duration.ofSeconds(30)).until(() -> raising.getState() == Thread.State.WAITING);
		});
		raising.join();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.partitions.changeSubscriptions(topic, () -> {
			}))
			.returns(ErrorCode.TOPIC_BUSY, ProtocolException::code);
	}

	@Test
	void nothingIsSaidToThoseOfAPartition() {
		this.partitions.learn(new Topic("t"), 4, 1);
		connect(Feature.PARTITIONS);
		openProducer("t#3");
		subscribe("t#1");
		assertThat(this.stream.said()).containsExactly(new Frame.ProducerOpened("p", 0, -1), new Frame.Ok());
		assertThat(this.asked).containsExactly(new Topic("t#3"), new Topic("t#1"));
	}

	@Test
	void partitionThatIsNotThereIsRefused() {
		this.partitions.learn(new Topic("t"), 4, 1);
		connect(Feature.PARTITIONS);
		openProducer("t#4");
		subscribe("other#1");
		assertThat(this.stream.said()).containsExactly(
				new Frame.ErrorReply(ErrorCode.UNKNOWN_PARTITION,
						"There is no partition 4 of topic 't', which has 0 to 3"),
				new Frame.ErrorReply(ErrorCode.UNKNOWN_PARTITION,
						"There is no partition 1 of topic 'other', which has only 0"));
		assertThat(this.asked).isEmpty();
	}

	@Test
	void clientThatDoesNotKnowPartitionsIsRefused() {
		this.partitions.learn(new Topic("t"), 4, 1);
		connect();
		openProducer("t");
		assertThat(this.stream.said()).containsExactly(new Frame.ErrorReply(ErrorCode.NOT_SUPPORTED,
				"Topic 't' has 4 partitions, and the client has not named the feature PARTITIONS"));
		openProducer("other");
		assertThat(this.stream.said()).last().isEqualTo(new Frame.ProducerOpened("p", 0, -1));
	}

	@Test
	void clientThatDoesNotKnowPartitionsLosesATopicThatIsGivenSome() {
		connect();
		openProducer("t");
		subscribe("t");
		this.stream.said().clear();
		this.partitions.learn(new Topic("other"), 4, 1);
		this.partitions.learn(new Topic("t"), 4, 1);
		String why = "Topic 't' has 4 partitions, and the client has not named the feature PARTITIONS";
		assertThat(this.stream.said()).containsExactlyInAnyOrder(
				new Frame.ProducerClosed(1, ErrorCode.NOT_SUPPORTED, why),
				new Frame.ConsumerClosed(2, ErrorCode.NOT_SUPPORTED, why));
		assertThat(this.closed).hasSize(2)
			.hasAtLeastOneElementOfType(Command.CloseProducer.class)
			.hasAtLeastOneElementOfType(Command.CloseConsumer.class);
	}

}
