package io.weir.broker.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;

/** Mistakes that others have made, or that we could make, in the broker's engine. */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum EngineFault implements BrokerFault {

	TRIM_ASKS_NOBODY("An acknowledgement by one subscription lets go of what others need: trimming asks nobody",
			"engine.subscription.Subscriptions", "keep", Change.advised(EngineAdvice.ReturnsItsPosition.class), TRIM),

	FAILED_APPEND_ADVANCES("After a failed append the topic goes on, so that what follows overtakes it",
			"engine.publish.Publishing", "appendFailed", Change.advised(EngineAdvice.ForgetsTheFailure.class),
			EngineFault.PUBLISHING, SIMULATION),

	FAILED_ACKNOWLEDGEMENT_FORGOTTEN("Acknowledgements that could not be stored are not stored the next time",
			"engine.dispatch.UnstoredChanges", "putBack", Change.nothing(), SIMULATION),

	CURSOR_FORGOTTEN("The read position is not restored after a restart", "store.CursorStore$Cursor",
			"acknowledgedUpTo", Change.advised(EngineAdvice.ReturnsTheBeginning.class), SIMULATION),

	HOLES_FORGOTTEN("What was acknowledged out of order is not restored after a restart", "store.CursorStore$Cursor",
			"entries", Change.advised(EngineAdvice.ReturnsNoEntries.class), SIMULATION),

	CURSOR_PASSES_MESSAGES("The cursor passes messages that are not acknowledged", "engine.dispatch.AckLedger",
			"acknowledgedUpTo", Change.advised(EngineAdvice.ReturnsWhatWasRead.class), SIMULATION),

	ACKNOWLEDGED_BEFORE_STORED("An acknowledgement is confirmed before it is stored",
			"engine.subscription.CursorWriter", "request", Change.advised(EngineAdvice.AnswersAtOnce.class),
			SIMULATION),

	RECEIPT_BEFORE_STORED("A receipt is sent before the message is stored", "engine.publish.Publishing", "append",
			Change.advised(EngineAdvice.ConfirmsAtOnce.class), EngineFault.PUBLISHING),

	DUPLICATES_STORED("What is sent again is stored again", "engine.publish.SequenceWindow", "check",
			Change.advised(EngineAdvice.ReturnsTheFirstConstant.class), EngineFault.PUBLISHING),

	FENCED_PRODUCER_GOES_ON("A producer that was fenced goes on publishing",
			"engine.publish.ProducerRegistry$OpenedProducer", "isFenced", Change.returning(false),
			EngineFault.PUBLISHING),

	PERMITS_RESET("Permits are reset instead of replenished", "engine.dispatch.SubscriptionConsumer", "grant",
			Change.advised(EngineAdvice.BeginsWithNoPermits.class), "engine.dispatch.SubscriptionTest"),

	BATCH_GIVEN_WHOLE("A batch is given whole to a consumer that asked for one message", "engine.dispatch.PendingEntry",
			"first", Change.advised(EngineAdvice.AsksForEverything.class), "engine.dispatch.PartsTest", SIMULATION),

	GONE_CONSUMER_KEEPS_MESSAGES("What a consumer had when it went is not delivered again",
			"engine.dispatch.Redeliveries", "giveBackAll", Change.nothing(), SIMULATION),

	NEWEST_FIRST("The newest message that waits is delivered first", "engine.dispatch.Backlog", "firstWaiting",
			Change.advised(EngineAdvice.ReturnsTheLast.class), SIMULATION),

	KEY_OVERTAKES("A later message of a key overtakes one that cannot be delivered", "engine.dispatch.KeySlots",
			"isBlocked", Change.returning(false), "engine.dispatch.KeySharedTest", SIMULATION),

	KEY_STAYS_TAKEN("A key is not free again when its messages are acknowledged", "engine.dispatch.EntryKeys",
			"settled", Change.nothing(), "engine.dispatch.KeySharedTest", SIMULATION),

	TWO_EXCLUSIVE_CONSUMERS("An exclusive subscription takes a second consumer", "engine.subscription.SubscribeCheck",
			"refusal", Change.nothing(), "engine.dispatch.SubscriptionTest"),

	FAILOVER_TAKES_TURNS("All consumers of a FAILOVER subscription get messages", "engine.dispatch.ConsumerGroup",
			"advance", Change.advised(EngineAdvice.TakesTurns.class), "engine.dispatch.FailoverTest"),

	REDELIVERIES_NOT_COUNTED("It is not counted how often a message was delivered in vain",
			"engine.dispatch.PendingEntry", "add", Change.advised(EngineAdvice.CountsNothing.class),
			"engine.dispatch.SubscriptionTest"),

	BACKLOG_MISCOUNTED("What was acknowledged before the restart counts as backlog", "engine.dispatch.AckLedger",
			"unreadAcknowledged", Change.returning(0L), SIMULATION),

	BUFFERS_LEAK("What was read for a consumer that is gone is never released", "engine.dispatch.ReadAhead", "clear",
			Change.nothing(), SIMULATION),

	PENDING_UNBOUNDED("A subscription that acknowledges nothing takes memory without a bound",
			"engine.dispatch.PendingShare", "room", Change.returning(Integer.MAX_VALUE),
			"engine.dispatch.PendingShareTest"),

	NAMES_KEPT_FOR_EVER("Producers' names that nobody uses are remembered for ever: nothing is woken for them",
			"engine.context.TopicTime", "wakeAt", Change.nothing(), "engine.publish.ProducerNamesTest"),

	EPOCH_GIVEN_TWICE("A producer is given an epoch again that its broker has lost with the power",
			"engine.publish.ProducerRegistry$NamedProducer", "advance", Change.advised(EngineAdvice.HearsNoEpoch.class),
			SIMULATION),

	EPOCHS_NOT_STORED("A restarted broker has forgotten who was fenced", "store.StoredProducer", "epochs",
			Change.advised(EngineAdvice.ReturnsNoEpochs.class), "engine.publish.ProducerEpochsTest"),

	NEW_PARTITIONS_WITHOUT_SUBSCRIPTIONS("Subscriptions whose consumers are away are not in new partitions",
			"engine.runtime.PartitionNumbers", "subscribeAll", Change.advised(EngineAdvice.ReturnsDone.class),
			SIMULATION),

	PARTITIONS_OF_A_TOPIC_THAT_IS_CLOSED("A topic that cannot be opened is given partitions without subscriptions",
			"engine.runtime.PartitionNumbers", "checkOpen", Change.nothing(), SIMULATION,
			"engine.runtime.PartitionNumbersTest"),

	PARTITIONS_FORGOTTEN("After a restart nobody knows how many partitions there are",
			"engine.runtime.PartitionNumbers", "readAll", Change.advised(EngineAdvice.ReturnsDone.class),
			"PartitionAdministrationTest");

	private static final String PUBLISHING = "engine.publish.PublishingTest";

	private final Mistake mistake;

	EngineFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir.broker", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
