package io.weir.broker.session;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** Where a session takes what topics tell it, and when the credit is given back. */
class SessionAnswersTest {

	private final Budgets budgets = new Budgets((limit) -> 1024 * 1024);

	private final Budget incoming = this.budgets.of(BrokerLimit.INCOMING_MEMORY);

	private final List<Command> commands = new ArrayList<>();

	private @Nullable ProtocolException refusal;

	private final ClientSessions registry = new ClientSessions();

	private final Sessions sessions = new Sessions(
			new SessionSettings("b", 1024, 1024 * 1024, this.budgets, BrokerSecurity.NONE),
			(topic, command) -> submit(command), this.registry);

	private final FakeConnection connection = new FakeConnection();

	private final FakeStream control = new FakeStream(0, this.connection);

	private final FakeStream first = new FakeStream(4, this.connection);

	private final FakeStream second = new FakeStream(8, this.connection);

	private final StreamHandler session = this.sessions.accept(this.connection).accept(this.control);

	@BeforeEach
	void connect() {
		this.session.onFrame(this.control, 1, new Frame.Connect("client", null));
	}

	@AfterEach
	void everythingMustBeGivenBack() {
		this.connection.breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(this.incoming.used()).isZero();
		this.sessions.close();
	}

	@Test
	void answerGoesWhereItsRequestCameFrom() {
		ReplyTo one = ask(this.first, 7);
		ReplyTo two = ask(this.second, 7);
		ReplyTo three = ask(this.first, 9);
		Stream.of(three, two, one).forEach(this::done);
		assertThat(this.first.requestIds()).containsExactly(9L, 7L);
		assertThat(this.second.requestIds()).containsExactly(7L);
		assertThat(this.incoming.used()).isZero();
	}

	@Test
	void requestIsAnsweredOnceAndItsCreditGivenBackOnce() {
		ReplyTo one = ask(this.first, 1);
		ask(this.first, 2);
		long both = this.incoming.used();
		done(one);
		done(one);
		assertThat(this.first.requestIds()).containsExactly(1L);
		assertThat(this.incoming.used()).isEqualTo(both / 2);
	}

	@Test
	void answerAfterTheStreamHasEndedIsDroppedAndItsCreditGivenBack() {
		ReplyTo one = ask(this.first, 1);
		this.session.onClosed(this.first, null);
		assertThat(this.incoming.used()).as("the topic still has the request").isPositive();
		done(one);
		assertThat(this.first.said()).isEmpty();
		assertThat(this.incoming.used()).isZero();
		done(one);
		assertThat(this.incoming.used()).isZero();
	}

	@Test
	void answerAfterTheSessionHasEndedIsDroppedAndItsCreditGivenBackOnce() {
		ReplyTo one = ask(this.first, 1);
		this.connection.breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(this.incoming.used()).isZero();
		done(one);
		assertThat(this.first.said()).isEmpty();
		assertThat(this.incoming.used()).isZero();
	}

	@Test
	void requestThatNoTopicTakesHoldsNothing() {
		this.refusal = new ProtocolException(ErrorCode.LIMIT_EXCEEDED, "too many");
		this.session.onFrame(this.first, 1, open(1));
		assertThat(this.first.said()).containsExactly(new Frame.ErrorReply(ErrorCode.LIMIT_EXCEEDED, "too many"));
		assertThat(this.incoming.used()).isZero();
	}

	@Test
	void producerMustNotHaveANameOfTheBrokers() {
		this.session.onFrame(this.first, 1,
				new Frame.OpenProducer(1, "t", "weir:forward:t:0:1:s", -1, AccessMode.SHARED));
		assertThat(this.commands).isEmpty();
		assertThat(this.first.said()).singleElement()
			.isInstanceOfSatisfying(Frame.ErrorReply.class,
					(error) -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
	}

	@Test
	void subscriptionMustNotHaveANameOfTheBrokers() {
		this.session.onFrame(this.first, 1, new Frame.Subscribe(1, "t", "weir:replay", SubscriptionType.SHARED,
				InitialPosition.EARLIEST, "c", true));
		assertThat(this.commands).isEmpty();
		assertThat(this.first.said()).singleElement().isInstanceOfSatisfying(Frame.ErrorReply.class, (error) -> {
			assertThat(error.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
			assertThat(error.message()).contains("Subscription name 'weir:replay'", "the broker's own");
		});
	}

	@Test
	void deliveryGoesToTheStreamOfItsConsumer() {
		this.session.onFrame(this.first, 1, subscribe(1));
		this.session.onFrame(this.second, 1, subscribe(2));
		deliver(2);
		deliver(1);
		deliver(2);
		assertThat(this.first.said()).extracting((frame) -> ((Frame.Deliver) frame).consumerId()).containsExactly(1L);
		assertThat(this.second.said()).hasSize(2);
		assertThat(this.second.requestIds()).containsExactly(0L, 0L);
	}

	@Test
	void deliveryToAConsumerWhoseStreamHasEndedIsReleasedAndTheTopicHears() {
		this.session.onFrame(this.first, 1, subscribe(1));
		this.session.onClosed(this.first, null);
		assertThat(this.commands).last().isInstanceOf(Command.CloseConsumer.class);
		ByteBuf batch = deliver(1);
		assertThat(batch.refCnt()).isZero();
		assertThat(this.commands).last().isEqualTo(new Command.DeliveryWritten(peer(1), 10));
		assertThat(this.first.said()).isEmpty();
	}

	@Test
	void closedConsumerAndProducerAreToldWhereTheyWereIntroduced() {
		this.session.onFrame(this.first, 1, subscribe(1));
		this.session.onFrame(this.second, 1, open(1));
		this.registry.tell(new Effect.ConsumerClosed(peer(1), ErrorCode.SUBSCRIPTION_MOVED, "moved"));
		this.registry.tell(new Effect.ProducerClosed(peer(1), ErrorCode.PRODUCER_FENCED, "fenced"));
		assertThat(this.first.said())
			.containsExactly(new Frame.ConsumerClosed(1, ErrorCode.SUBSCRIPTION_MOVED, "moved"));
		assertThat(this.second.said())
			.containsExactly(new Frame.ProducerClosed(1, ErrorCode.PRODUCER_FENCED, "fenced"));
	}

	/** The producer may publish on other streams. */
	@Test
	void closedProducerWhoseStreamHasEndedIsNotTold() {
		this.session.onFrame(this.first, 1, open(1));
		this.session.onClosed(this.first, null);
		this.registry.tell(new Effect.ProducerClosed(peer(1), ErrorCode.PRODUCER_FENCED, "fenced"));
		assertThat(this.first.said()).isEmpty();
		this.session.onFrame(this.second, 2, new Frame.CloseProducer(1));
		assertThat(this.commands).last().isInstanceOf(Command.CloseProducer.class);
	}

	@Test
	void consumerThatIsIntroducedTwiceStaysWhereItWas() {
		this.session.onFrame(this.first, 1, subscribe(1));
		this.session.onFrame(this.second, 1, subscribe(1));
		deliver(1);
		assertThat(this.first.said()).hasSize(1);
		assertThat(this.second.said()).isEmpty();
	}

	/** As often as the client likes; what waits is bounded by the credit. */
	@Test
	void thousandsOfRequestsAreAnsweredInAnyOrder() {
		List<ReplyTo> asked = new ArrayList<>();
		for (int i = 1; i <= 5_000; i++) {
			asked.add(ask(this.first, i));
		}
		for (int i = 0; i < asked.size(); i += 2) {
			done(asked.get(i));
		}
		for (int i = asked.size() - 1; i > 0; i -= 2) {
			done(asked.get(i));
		}
		assertThat(this.first.requestIds()).hasSize(5_000).doesNotHaveDuplicates();
		assertThat(this.incoming.used()).isZero();
		done(ask(this.first, 5_001));
		assertThat(this.first.requestIds()).last().isEqualTo(5_001L);
	}

	private void submit(Command command) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		this.commands.add(command);
	}

	/** Sends a request; says where its answer goes. */
	private ReplyTo ask(FrameStream stream, long requestId) {
		this.session.onFrame(stream, requestId, open(this.commands.size() + 1));
		return ((Command.Request) this.commands.get(this.commands.size() - 1)).replyTo();
	}

	private void done(ReplyTo replyTo) {
		this.registry.tell(new Effect.Done(replyTo));
	}

	private ByteBuf deliver(long consumer) {
		ByteBuf batch = Unpooled.buffer(10).writeZero(10);
		Entry entry = new Entry(new Position(0, 0),
				new EntryHeader("p", 0, MessageIndexes.even(1, 10), 0, BatchEncoding.plain(batch)), batch);
		this.registry.tell(new Effect.Deliver(new Topic("t"), peer(consumer), entry, 0, 1, 0, 10, new BitSet(), true));
		return batch;
	}

	private static Peer peer(long id) {
		return new Peer(1, id);
	}

	private static Frame open(long producer) {
		return new Frame.OpenProducer(producer, "t", "p", -1, AccessMode.SHARED);
	}

	private static Frame subscribe(long consumer) {
		return new Frame.Subscribe(consumer, "t", "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "c", true);
	}

}
