package io.weir.spring.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;
import io.weir.fixtures.faults.PlantedFault;

/** Mistakes that others have made, or that we could make, in template and listeners. */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum SpringFault implements PlantedFault {

	FAILURE_ACKNOWLEDGED("A message is acknowledged though its listener has failed",
			"listener.ListenerInvoker$Delivery", "completed", Change.advised(SpringAdvice.ForgetsTheFailure.class),
			SpringFault.LISTENERS),

	ACKNOWLEDGED_TOO_SOON("A message is acknowledged before its listener has returned",
			"listener.ListenerInvoker$Delivery", "call", Change.advised(SpringAdvice.AcknowledgesAtOnce.class),
			SpringFault.LISTENERS),

	DECIDED_TWICE("What a listener has decided about a message is decided again", "listener.OnceAcknowledgement",
			"claim", Change.returning(true), SpringFault.LISTENERS),

	BATCH_FAILS_AS_A_WHOLE("Of a batch of which one message has failed all come again", "listener.BatchFailure",
			"indexOf", Change.returning(-1), "listener.BatchFailureTests"),

	STOPPED_WITH_WORK_UNDER_WAY("A listener that is stopped does not wait for what it has begun",
			"listener.ListenerInvoker", "drain", Change.nothing(), "listener.ListenerContainerLifeTests"),

	DEAD_THREAD_RUNS("A listener whose thread has died is shown as running", "listener.ListenerThread", "ended",
			Change.nothing(), "listener.ListenerFailureTests", "listener.ListenerContainerLifeTests"),

	GIVES_UP("A listener whose broker is late gives up", "listener.ListenerThread", "recover",
			Change.advised(SpringAdvice.ThrowsTheFailure.class), "listener.ListenerContainerLifeTests"),

	EXCLUSIVE_WITH_SEVERAL("An exclusive subscription is given several consumers, of which all but one are refused",
			"listener.ContainerSettings", "concurrency", Change.returning(3), SpringFault.LISTENERS),

	PRODUCER_PER_TOPIC_KEPT("The producer of each topic is kept for ever", "ProducerCache", "look", Change.nothing(),
			"ProducerCacheTests"),

	PRODUCERS_UNBOUNDED("A template keeps as many producers as it is told topics", "ProducerCache", "removeEldest",
			Change.advised(SpringAdvice.ReturnsNobody.class), "ProducerCacheTests"),

	PRODUCER_CLOSED_WHILE_USED("A producer is closed that has messages under way", "ProducerCache$Entry", "isBusy",
			Change.returning(false), "ProducerCacheTests"),

	SENT_BEFORE_THE_COMMIT("What is to follow a transaction is sent at once", "AfterCommit$Synchronized", "send",
			Change.advised(SpringAdvice.SendsAtOnce.class), "AfterCommitTests"),

	REPLY_TO_ANOTHER("A reply is given to somebody else's request", "Requests", "handOver",
			Change.advised(SpringAdvice.AnswersAll.class), "RequestReplyTests");

	private static final String LISTENERS = "listener.WeirListenerContainerTests";

	private final Mistake mistake;

	SpringFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir.spring", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
