package io.weir.broker.session;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.security.Authorization;
import io.weir.broker.security.Authorization.Denied;
import io.weir.broker.security.Authorization.Granted;
import io.weir.broker.security.Operation;
import io.weir.broker.security.Operation.Action;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.transport.FrameStream;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.time.BackoffRule;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AccessGateTest {

	private static final Principal ALICE = () -> "alice";

	private static final Duration SOON = Duration.ofSeconds(30);

	private final Budgets budgets = new Budgets((limit) -> 1024 * 1024);

	private final Budget incoming = this.budgets.of(BrokerLimit.INCOMING_MEMORY);

	private final Credit credit = new Credit(Runnable::run, this.budgets);

	private final FakeConnection connection = new FakeConnection();

	private final FakeStream stream = new FakeStream(4, this.connection);

	private final FakeStream other = new FakeStream(8, this.connection);

	private final List<Operation> asked = new ArrayList<>();

	private final List<CompletableFuture<Authorization>> decisions = new ArrayList<>();

	private final List<Long> passed = new ArrayList<>();

	private AccessGate gate = gate(SOON);

	@AfterEach
	void close() {
		this.gate.sessionEnded();
		assertThat(this.incoming.used()).isZero();
	}

	@Test
	void whatComesBehindADecisionWaitsInOrderAndOtherStreamsGoOn() {
		handle(this.stream, 1, open());
		handle(this.stream, 2, new Frame.CloseProducer(7));
		handle(this.stream, 3, subscribe());
		handle(this.stream, 4, new Frame.CloseProducer(8));
		handle(this.other, 5, new Frame.CloseProducer(9));
		assertThat(this.passed).containsExactly(5L);
		assertThat(this.asked).containsExactly(new Operation(Action.PRODUCE, new Topic("t"), null));
		this.decisions.get(0).complete(new Granted());
		assertThat(this.passed).containsExactly(5L, 1L, 2L);
		assertThat(this.asked).last().isEqualTo(new Operation(Action.CONSUME, new Topic("t"), "s"));
		this.decisions.get(1).complete(new Granted());
		assertThat(this.passed).containsExactly(5L, 1L, 2L, 3L, 4L);
	}

	@Test
	void whoMayNotIsToldWhat() {
		handle(this.stream, 1, open());
		handle(this.other, 2, subscribe());
		this.decisions.get(0).complete(new Denied("guests only read"));
		this.decisions.get(1).complete(new Denied("not yours"));
		assertThat(this.stream.said()).containsExactly(
				new Frame.ErrorReply(ErrorCode.UNAUTHORIZED, "'alice' may not publish to topic 't': guests only read"));
		assertThat(this.other.said()).containsExactly(new Frame.ErrorReply(ErrorCode.UNAUTHORIZED,
				"'alice' may not consume topic 't' with subscription 's': not yours"));
		assertThat(this.passed).isEmpty();
	}

	@Test
	void whoHasDeadLettersPublishedMustBeAllowedToPublishThere() {
		Frame subscribe = new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED, InitialPosition.EARLIEST, "c", true,
				ConsumerInstance.once(), new RedeliveryPolicy(0, BackoffRule.NONE, 1, "dead"), false);
		handle(this.stream, 1, subscribe);
		handle(this.other, 2, subscribe);
		this.decisions.get(0).complete(new Granted());
		this.decisions.get(1).complete(new Granted());
		assertThat(this.passed).isEmpty();
		assertThat(this.asked.subList(2, 4)).containsOnly(new Operation(Action.PRODUCE, new Topic("dead"), null));
		this.decisions.get(2).complete(new Denied("guests only read"));
		this.decisions.get(3).complete(new Granted());
		assertThat(this.stream.said()).containsExactly(new Frame.ErrorReply(ErrorCode.UNAUTHORIZED,
				"'alice' may not publish to topic 'dead': guests only read"));
		assertThat(this.passed).containsExactly(2L);
	}

	@Test
	void namesThatAreNoneAreNotAskedAbout() {
		handle(this.stream, 1, new Frame.OpenProducer(1, "no topic", "p", -1, AccessMode.SHARED));
		assertThat(this.asked).isEmpty();
		assertThat(this.passed).containsExactly(1L);
	}

	@Test
	void whatWaitsIsBoundedByTheCredit() {
		this.credit.add(this.stream);
		handle(this.stream, 1, open());
		List<ByteBuf> batches = new ArrayList<>();
		while (this.stream.isReading()) {
			batches.add(Unpooled.buffer().writeZero(64 * 1024));
			handle(this.stream, 2, publish(batches.get(batches.size() - 1)));
		}
		assertThat(batches).hasSizeBetween(2, 20);
		this.decisions.get(0).complete(new Granted());
		assertThat(this.stream.isReading()).isTrue();
		assertThat(this.passed).hasSize(batches.size() + 1);
		batches.forEach(ByteBuf::release);
	}

	@Test
	void whatWaitsOnAStreamThatEndsIsReleased() {
		ByteBuf batch = Unpooled.buffer().writeZero(100);
		handle(this.stream, 1, open());
		handle(this.stream, 2, publish(batch));
		this.gate.streamEnded(this.stream);
		assertThat(batch.refCnt()).isZero();
		assertThat(this.incoming.used()).isZero();
		this.decisions.get(0).complete(new Granted());
		assertThat(this.passed).isEmpty();
	}

	@Test
	void whatWaitsInASessionThatEndsIsReleased() {
		ByteBuf batch = Unpooled.buffer().writeZero(100);
		handle(this.stream, 1, open());
		handle(this.stream, 2, publish(batch));
		this.gate.sessionEnded();
		assertThat(batch.refCnt()).isZero();
		this.decisions.get(0).complete(new Granted());
		assertThat(this.passed).isEmpty();
	}

	@Test
	void clientIsToTryAgainWhenNothingIsDecided() {
		handle(this.stream, 1, open());
		handle(this.stream, 2, new Frame.CloseProducer(7));
		this.decisions.get(0).completeExceptionally(new IllegalStateException("on purpose"));
		assertThat(this.stream.said()).containsExactly(new Frame.ErrorReply(ErrorCode.INTERNAL,
				"The broker could not decide whether 'alice' may publish to topic 't'; try again"));
		assertThat(this.passed).containsExactly(2L);
	}

	@Test
	void decisionThatDoesNotComeIsNotWaitedForAnyLonger() {
		this.gate = gate(Duration.ofMillis(1));
		handle(this.stream, 1, open());
		await().atMost(SOON).until(() -> !List.copyOf(this.stream.said()).isEmpty());
		assertThat(this.stream.said()).hasExactlyElementsOfTypes(Frame.ErrorReply.class);
		assertThat(this.decisions.get(0)).as("the authorizer's own").isNotDone();
	}

	@Test
	void requestThatBreaksTheProtocolAfterADecisionEndsTheConnection() {
		handle(this.stream, 1, open());
		handle(this.stream, 99, new Frame.CloseProducer(7));
		this.decisions.get(0).complete(new Granted());
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
	}

	private AccessGate gate(Duration patience) {
		return new AccessGate(this::decide, this.credit, Runnable::run, patience, this::pass);
	}

	private CompletionStage<Authorization> decide(Principal principal, Operation operation) {
		assertThat(principal).isEqualTo(ALICE);
		this.asked.add(operation);
		CompletableFuture<Authorization> decision = new CompletableFuture<>();
		this.decisions.add(decision);
		return decision;
	}

	private void pass(FrameStream on, long requestId, Frame frame) {
		if (requestId == 99) {
			throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION, "on purpose");
		}
		this.passed.add(requestId);
	}

	private void handle(FrameStream on, long requestId, Frame frame) {
		this.gate.handle(ALICE, on, requestId, frame);
	}

	private static Frame open() {
		return new Frame.OpenProducer(1, "t", "p", -1, AccessMode.SHARED);
	}

	private static Frame subscribe() {
		return new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED, InitialPosition.EARLIEST, "c", true);
	}

	private static Frame publish(ByteBuf batch) {
		return new Frame.Publish(1, 1, 1, batch);
	}

}
