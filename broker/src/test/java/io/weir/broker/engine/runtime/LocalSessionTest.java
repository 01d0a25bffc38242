package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who speaks to topics without a connection. */
class LocalSessionTest {

	private static final Topic TOPIC = new Topic("topic");

	private final Budgets budgets = new Budgets((limit) -> (limit == BrokerLimit.NEW_TOPICS_PER_ADDRESS) ? 1 : 10_000);

	private final Budget incoming = this.budgets.of(BrokerLimit.INCOMING_MEMORY);

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final Engine engine = new Engine(this.store, 2, () -> 42, this.budgets);

	private final ClientSessions sessions = new ClientSessions();

	private final LocalSession session = LocalSession.open(this.sessions, this.engine::submit, this.budgets);

	/** What a session was asked that speaks to the test. */
	private final List<Command> commands = new ArrayList<>();

	private @Nullable RuntimeException refusal;

	private final LocalSession unanswered = LocalSession.open(this.sessions, (topic, command) -> take(command),
			this.budgets);

	LocalSessionTest() {
		this.engine.start(this.sessions);
	}

	@AfterEach
	void everythingMustBeGivenBack() {
		this.unanswered.close();
		this.session.close();
		this.engine.close();
		this.store.close();
		assertThat(this.incoming.used()).isZero();
		this.commands.forEach(Command::release);
	}

	@Test
	void callerIsAnsweredByAValue() {
		Peer producer = this.session.newPeer();
		assertThat(get(open(producer))).isInstanceOf(Effect.ProducerOpened.class);
		assertThat(get(publish(this.session, producer, 10))).isInstanceOfSatisfying(Effect.Stored.class,
				(stored) -> assertThat(stored.duplicate()).isFalse());
		assertThat(this.incoming.used()).isZero();
	}

	@Test
	void callerIsRefusedByAnException() {
		get(open(this.session.newPeer()));
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> get(publish(this.session, this.session.newPeer(), 10)))
			.withMessageContaining("No producer 2 is open")
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.UNKNOWN_PRODUCER);
	}

	@Test
	void whatTheEngineThrowsIsAnAnswerToo() {
		this.refusal = new ProtocolException(ErrorCode.LIMIT_EXCEEDED, "too many topics");
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> get(publish(this.unanswered, this.unanswered.newPeer(), 10)))
			.withMessage("too many topics");
	}

	@Test
	void whatIsNotAnsweredFailsWhenTheSessionIsClosed() {
		CompletableFuture<Effect.Answer> asked = publish(this.unanswered, this.unanswered.newPeer(), 10);
		assertThat(asked).isNotDone();
		assertThat(this.incoming.used()).isPositive();
		this.unanswered.close();
		assertGoingAway(asked);
		this.sessions.tell(new Effect.Done(((Command.Request) this.commands.get(0)).replyTo()));
		assertThat(this.incoming.used()).isZero();
		ByteBuf late = Unpooled.buffer().writeZero(10);
		assertGoingAway(publish(this.unanswered, this.unanswered.newPeer(), late));
		assertThat(late.refCnt()).isZero();
	}

	@Test
	void closedSessionMustNotLeaveItsProducers() {
		get(open(this.session.newPeer()));
		assertThat(producers()).hasSize(1);
		this.session.close();
		this.engine.drain().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(producers()).isEmpty();
	}

	@Test
	void whatACallerAsksForIsBounded() {
		Peer producer = this.unanswered.newPeer();
		publish(this.unanswered, producer, 6_000);
		ByteBuf second = Unpooled.buffer().writeZero(6_000);
		CompletableFuture<Effect.Answer> refused = publish(this.unanswered, producer, second);
		assertOverloaded(refused);
		assertThat(second.refCnt()).isZero();
		assertThat(this.budgets.of(BrokerLimit.REQUEST_MEMORY_PER_CONNECTION).refused()).isOne();
		assertThat(this.incoming.used()).isBetween(6_000L, 7_000L);
		this.sessions.tell(new Effect.Done(((Command.Request) this.commands.get(0)).replyTo()));
		assertThat(publish(this.unanswered, producer, 6_000)).isNotDone();
	}

	@Test
	void whatIsRefusedBecauseOthersHaveTakenAllMustTakeNothing() {
		this.incoming.take(10_000);
		Peer producer = this.unanswered.newPeer();
		for (int i = 0; i < 3; i++) {
			assertOverloaded(publish(this.unanswered, producer, 6_000));
		}
		assertThat(this.incoming.refused()).isEqualTo(3);
		assertThat(this.budgets.of(BrokerLimit.REQUEST_MEMORY_PER_CONNECTION).refused()).isZero();
		this.incoming.giveBack(10_000);
		assertThat(publish(this.unanswered, producer, 6_000)).isNotDone();
	}

	@Test
	void oneRequestThatIsLargerThanAllItMayAskForMustBeTakenAtATime() {
		Peer producer = this.unanswered.newPeer();
		publish(this.unanswered, producer, 6_000);
		assertThat(publish(this.unanswered, producer, 20_000)).as("whatever else is asked for").isNotDone();
		assertOverloaded(publish(this.unanswered, producer, 20_000));
		assertOverloaded(publish(this.unanswered, producer, 10));
		this.commands.forEach((command) -> this.sessions.tell(new Effect.Done(((Command.Request) command).replyTo())));
		assertThat(this.incoming.used()).isZero();
		assertThat(publish(this.unanswered, producer, 20_000)).isNotDone();
	}

	private static void assertOverloaded(CompletableFuture<Effect.Answer> asked) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> get(asked))
			.withMessageContaining("weir.broker.limits.request-memory-per-connection")
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.OVERLOADED);
	}

	@Test
	void localSessionsCountAsOneOrigin() {
		get(open(this.session.newPeer()));
		try (LocalSession other = LocalSession.open(this.sessions, this.engine::submit, this.budgets)) {
			CompletableFuture<Effect.Answer> asked = other
				.ask(new Topic("another"),
						(replyTo) -> new Command.OpenProducer(replyTo, other.newPeer(), "p", false, -1,
								AccessMode.SHARED))
				.toCompletableFuture();
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> get(asked))
				.extracting(ProtocolException::code)
				.isEqualTo(ErrorCode.LIMIT_EXCEEDED);
		}
	}

	private List<TopicSnapshot.Producer> producers() {
		return this.engine.snapshot(TOPIC).toCompletableFuture().join().get(0).producers();
	}

	private static void assertGoingAway(CompletableFuture<Effect.Answer> asked) {
		assertThat(asked).isCompletedExceptionally();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> get(asked))
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.GOING_AWAY);
	}

	private void take(Command command) {
		if (this.refusal != null) {
			command.release();
			throw this.refusal;
		}
		this.commands.add(command);
	}

	private CompletableFuture<Effect.Answer> open(Peer producer) {
		return this.session
			.ask(TOPIC, (replyTo) -> new Command.OpenProducer(replyTo, producer, "p", false, -1, AccessMode.SHARED))
			.toCompletableFuture();
	}

	private static CompletableFuture<Effect.Answer> publish(LocalSession session, Peer producer, int bytes) {
		return publish(session, producer, Unpooled.buffer(bytes).writeZero(bytes));
	}

	private static CompletableFuture<Effect.Answer> publish(LocalSession session, Peer producer, ByteBuf batch) {
		return session
			.ask(TOPIC,
					(replyTo) -> new Command.Publish(replyTo, producer, 0,
							MessageIndexes.even(1, batch.readableBytes()), BatchEncoding.plain(batch), batch))
			.toCompletableFuture();
	}

	/** What was answered, or throws why not. */
	private static Effect.Answer get(CompletableFuture<Effect.Answer> asked) {
		CompletableFuture<Effect.Answer> timely = asked.orTimeout(10, TimeUnit.SECONDS);
		try {
			return timely.join();
		}
		catch (CompletionException ex) {
			throw (RuntimeException) ex.getCause();
		}
	}

}
