package io.weir.broker.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;

/**
 * Mistakes with messages that come later, again, elsewhere or not at all, and with the
 * store below them.
 */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum DeliveryFault implements BrokerFault {

	// Redelivery

	COUNTS_NOT_STORED("How often a message was delivered in vain is forgotten at a restart",
			"engine.dispatch.AckLedger", "counts", Change.advised(DeliveryAdvice.ReturnsNoCounts.class),
			DeliveryFault.REDELIVERY, SIMULATION),

	DELAY_IGNORED("A message that was given back comes before its time", "engine.dispatch.DelayedMessages$ByTime",
			"release", Change.advised(DeliveryAdvice.IsLate.class), SIMULATION),

	DELAY_IGNORED_IN_ORDER("So it does where the order matters", "engine.dispatch.DelayedMessages$InOrder", "release",
			Change.advised(DeliveryAdvice.IsLate.class), SIMULATION),

	NOT_PARKED("Later messages of a key overtake one that was given back for a while", "engine.dispatch.KeySlots",
			"parked", Change.nothing(), DeliveryFault.REDELIVERY, SIMULATION),

	PARKED_FOR_EVER("A key stays parked when its message comes again", "engine.dispatch.EntryKeys", "unparked",
			Change.nothing(), DeliveryFault.REDELIVERY, SIMULATION),

	TIMEOUT_UNNOTICED("What is not acknowledged in time does not come again", "engine.dispatch.PendingEntry", "overdue",
			Change.advised(DeliveryAdvice.ReturnsNoMessages.class), DeliveryFault.REDELIVERY),

	// Dead letters

	ACKNOWLEDGED_BEFORE_COPIED("A message is acknowledged before its dead letter is stored",
			"engine.dispatch.DeadLetters", "add", Change.advised(DeliveryAdvice.AcknowledgesAtOnce.class), SIMULATION),

	COPIES_NOT_RECOGNISED("The dead-letter topic does not recognise a copy that it has", "engine.ForwardNames", "of",
			Change.advised(DeliveryAdvice.ReturnsANewName.class), SIMULATION),

	COPY_FORGOTTEN_TOO_SOON("The dead-letter topic forgets a copy before the acknowledgement is stored",
			"engine.dispatch.AckLedger", "isTaken", Change.returning(true), "engine.dispatch.DeadLetterNamesTest"),

	COPIES_REMEMBERED_FOR_EVER("The dead-letter topic never forgets what it was sent", "engine.dispatch.DeadLetters",
			"acknowledgementsStored", Change.nothing(), DeliveryFault.DEAD_LETTERS),

	GIVEN_UP_COMES_AGAIN("What was given up before a restart is delivered again", "engine.dispatch.Redeliveries",
			"read", Change.nothing(), SIMULATION),

	FAILED_COPY_DROPPED("A dead letter that could not be stored is not tried again", "engine.dispatch.DeadLetters",
			"failed", Change.nothing(), DeliveryFault.DEAD_LETTERS, SIMULATION),

	DEAD_LETTER_ACKNOWLEDGED("A cumulative acknowledgement takes what is on its way to the dead letters",
			"engine.dispatch.PendingEntry", "isDead", Change.returning(false),
			"engine.subscription.CumulativeAcknowledgementTest", SIMULATION),

	UNREAD_DEAD_LETTER_ACKNOWLEDGED("So it does after a restart, with what was not read again",
			"engine.dispatch.Redeliveries", "mustReadFirst", Change.returning(false),
			"engine.subscription.CumulativeAcknowledgementTest"),

	// Replay

	REPLAYED_FORGOTTEN("A dead letter that was replayed is replayed again by the next replay",
			"engine.subscription.ReplayedMessages", "of", Change.advised(DeliveryAdvice.ReturnsNoMessages.class),
			SIMULATION),

	// Expiry

	EXPIRED_IS_DELIVERED("What has expired is delivered", "engine.dispatch.Expiry", "expiredOf",
			Change.advised(DeliveryAdvice.ReturnsNoMessages.class), SIMULATION),

	TOO_MUCH_EXPIRES("The search for what is too old takes younger messages, too", "engine.dispatch.Backlog",
			"passOver", Change.advised(DeliveryAdvice.GoesTooFar.class), DeliveryFault.EXPIRY, SIMULATION),

	EXPIRED_WITHOUT_CONSUMER_STAYS("What is too old stays as long as there is no consumer",
			"engine.subscription.ExpiredSearch", "begin", Change.nothing(), DeliveryFault.EXPIRY),

	EXPIRED_COMES_BACK("What has expired is not acknowledged for good", "engine.dispatch.Expiry", "takeNews",
			Change.returning(false), DeliveryFault.EXPIRY),

	// Delayed messages

	DUE_TOO_SOON("A delayed message comes before it is due", "engine.schedule.Schedule", "isDue",
			Change.returning(true), DeliveryFault.DELAYED),

	DELAYED_STAYS("A delayed message stays in the schedule when it is delivered", "store.memory.MemorySchedule",
			"remove", Change.returning(true), SIMULATION),

	// Trimming and quota

	TRIM_NOT_NOTICED("A subscription does not notice that the beginning of the log is gone",
			"engine.subscription.SubscriptionLife", "trimmed", Change.nothing(), TRIM, SIMULATION),

	QUOTA_IGNORED("A backlog grows beyond its quota", "engine.topic.BacklogQuota", "refusal", Change.nothing(),
			"engine.topic.BacklogQuotaTest"),

	NOTHING_IS_TRIMMED("What everybody has acknowledged stays for ever", "engine.topic.Retention", "tick",
			Change.nothing(), "engine.topic.RetentionTest"),

	// Compaction

	LATEST_TAKEN_OUT("Compaction takes the latest message of a key out of the log", "engine.LatestKeys$Holder", "keep",
			Change.nothing(), "engine.topic.CompactionTest", SIMULATION),

	LATEST_PASSED_OVER("A reader of the compacted view is not given the latest message of a key",
			"engine.context.TopicProgress", "isSuperseded", Change.returning(true), SIMULATION),

	// Damage, and the store

	SKIPPED_STOPS_AGAIN("A subscription stays stopped at a damaged entry that was skipped",
			"engine.subscription.DamageStop", "skipped", Change.nothing(), "engine.subscription.SkippedEntriesTest"),

	FENCED_OWNER_WRITES("Who has lost a topic to a newer owner still writes to it", "store.memory.MemoryTopic", "write",
			Change.advised(DeliveryAdvice.BecomesTheWriter.class), SIMULATION),

	LOST_LOG_NOT_TOLD("Consumers are not told that the log of their topic was lost",
			"engine.subscription.Subscriptions", "logLost", Change.nothing(), SIMULATION),

	HOLES_CUT_OFF("What was acknowledged out of order is cut off when it grows large", "store.CursorStore$Cursor",
			"entries", Change.advised(DeliveryAdvice.ReturnsAThousand.class), "engine.dispatch.SubscriptionTest");

	private static final String REDELIVERY = "engine.dispatch.RedeliveryTest";

	private static final String DEAD_LETTERS = "engine.dispatch.DeadLetterTest";

	private static final String EXPIRY = "engine.dispatch.ExpiryTest";

	private static final String DELAYED = "engine.schedule.DelayedDeliveryTest";

	private final Mistake mistake;

	DeliveryFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir.broker", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
