package io.weir.client.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;
import io.weir.fixtures.faults.PlantedFault;

/** Mistakes that others have made, or that we could make, in the client. */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum ClientFault implements PlantedFault {

	// Sending

	RETRIED_UNDER_NEW_SEQUENCE("What is sent again has a new sequence id, by which nobody knows it",
			"internal.producer.OutgoingBatch", "publish", Change.advised(ProducerAdvice.CountsTries.class),
			ClientFault.PRODUCER),

	SEQUENCE_BEGINS_ANEW("Sequence ids go on after what the broker has, though more is on its way",
			"internal.producer.SendWindow", "beginAfter", Change.advised(ProducerAdvice.ForgetsTheNextSequence.class),
			"internal.producer.SendWindowTest"),

	NOT_SENT_AGAIN("What had no receipt when the connection was lost is not sent again", "internal.producer.Lane",
			"sendAgain", Change.nothing(), ClientFault.PRODUCER),

	SENT_AGAIN_IN_ANOTHER_ORDER("What had no receipt is sent again in another order", "internal.producer.SendWindow",
			"forEachOpen", Change.advised(ProducerAdvice.Reverses.class), ClientFault.PRODUCER),

	EPOCH_FORGOTTEN("A producer that comes back asks for a new epoch, and fences itself",
			"internal.producer.ProducerCore", "introduction", Change.advised(ProducerAdvice.ForgetsTheEpoch.class),
			ClientFault.PRODUCER),

	SEND_TIMEOUT_IGNORED("A message without a receipt waits for ever", "internal.producer.SendTimeouts", "look",
			Change.nothing(), ClientFault.PRODUCER),

	QUEUE_UNBOUNDED("What is sent without a broker takes memory without a bound", "internal.producer.SendQueue", "fits",
			Change.returning(true), ClientFault.PRODUCER, "internal.producer.ProducerRoomTest"),

	ROOM_NOT_GIVEN_BACK("The room of a message that is stored is not free again", "internal.producer.SendQueue",
			"release", Change.nothing(), "internal.producer.ProducerRoomTest"),

	SEND_WAITS_FOR_METADATA("sendAsync waits until the broker has said how many partitions there are",
			"internal.producer.PartitionedProducer", "sendAsync",
			Change.advised(ProducerAdvice.WaitsForThePartitions.class), "LazyProducerTest", "PartitionsTest"),

	KEY_GOES_ANYWHERE("Messages of one key go to different partitions", "internal.producer.Partitioner", "of",
			Change.advised(ProducerAdvice.ReturnsAnyPartition.class), "PartitionsTest"),

	KEYS_ALL_MOVE("When there is another partition nearly all keys move", "internal.producer.Partitioner", "bucket",
			Change.advised(ProducerAdvice.ReturnsTheRemainder.class), "internal.producer.PartitionerTest"),

	KEY_CHANGES_LANES("Messages of one key go by different streams", "internal.producer.Lanes", "mixed",
			Change.advised(ProducerAdvice.ReturnsAnyNumber.class), "internal.producer.ProducerStreamsTest"),

	FRAGMENTS_UNCOUNTED("More fragments are sent at a time than the broker assembles",
			"internal.connection.FragmentQuota", "take", Change.returning(true),
			"internal.producer.ProducerBatchesTest"),

	// Streams and connections

	PERMIT_LOST("A stream that is lost with its connection is never given back to the pool",
			"internal.producer.LeasedStream", "discard", Change.nothing(), "internal.producer.ProducerStreamsTest"),

	STREAM_KEPT("A stream that nobody uses any more is not given back", "internal.connection.SharedStream", "end",
			Change.nothing(), ClientFault.SHARED_STREAM, "internal.producer.ProducerLifeTest"),

	LOST_STREAM_JOINED("Whoever comes back joins the stream that has ended", "internal.connection.SharedStreams",
			"retire", Change.nothing(), "internal.connection.SharedStreamsTest"),

	FOREIGN_MESSAGES_TAKEN("Deliveries for another consumer on the same stream are taken",
			"internal.connection.SharedStream", "receiver", Change.advised(ConsumerAdvice.ReturnsOne.class),
			ClientFault.SHARED_STREAM),

	STREAMS_OUTLIVE_CONNECTION("Streams of a connection that is lost are not invalidated",
			"internal.connection.StreamPools", "retire", Change.advised(ConsumerAdvice.ReturnsDone.class),
			"internal.connection.LostConnectionsTest"),

	NO_BACKOFF("A broker that refuses is asked again without a pause", "internal.connection.RetryDelays",
			"afterFailure", Change.advised(ConsumerAdvice.ReturnsNoTime.class), ClientFault.CONNECTIONS),

	ONE_ADDRESS("Only the first of the addresses is ever tried", "internal.connection.AddressRotation", "next",
			Change.advised(ConsumerAdvice.BeginsWithTheFirst.class), ClientFault.CONNECTIONS),

	SILENCE_IGNORED("A broker that does not answer is not left for another connection",
			"internal.connection.ConnectionManager", "openBeside", Change.nothing(),
			"internal.connection.SilentConnectionTest"),

	GOING_AWAY_IGNORED("A broker that goes away is not left until it has gone", "internal.connection.ConnectionManager",
			"goesAway", Change.nothing(), "internal.connection.BrokerGoesAwayTest"),

	// Receiving

	PERMITS_RESET("Permits are reset instead of replenished", "internal.consumer.PermitWindow", "granted",
			Change.advised(ConsumerAdvice.BeginsWithNothingOutstanding.class), ClientFault.CONSUMER),

	PERMITS_NOT_REPLENISHED("A consumer stalls after its first permits", "internal.consumer.PermitWindow", "used",
			Change.nothing(), ClientFault.CONSUMER),

	PERMITS_REGARDLESS("The broker may send on though nothing is taken", "internal.consumer.PermitWindow", "enter",
			Change.nothing(), ClientFault.CONSUMER),

	PERMITS_OF_A_LOST_SESSION("Permits that went down with a connection still count", "internal.consumer.PermitWindow",
			"reopen", Change.advised(ConsumerAdvice.OpensOnly.class), ClientFault.CONSUMER),

	GIVEN_TWICE("What is in hand is given again when the broker delivers it once more",
			"internal.consumer.UnacknowledgedMessages", "holds", Change.returning(false), ClientFault.CONSUMER),

	QUEUE_SURVIVES_CONNECTION("What is queued when the connection is lost is given beside what comes again",
			"internal.consumer.Inbox", "clear", Change.nothing(), ClientFault.CONSUMER),

	ACKNOWLEDGEMENT_LOST("An acknowledgement whose answer was lost is not sent again",
			"internal.consumer.Acknowledgements", "takeBack", Change.nothing(), ClientFault.CONSUMER),

	LAST_ACKNOWLEDGEMENTS_LOST("Acknowledgements that wait when a consumer is closed are not sent",
			"internal.consumer.ConsumerMessages", "sendAcknowledgements", Change.nothing(),
			"internal.consumer.ConsumerCloseTest"),

	PART_BEGINS_AT_ZERO("The messages of a part of a batch have the ids of its beginning",
			"internal.consumer.DeliveryDecoder", "id", Change.advised(ConsumerAdvice.CountsFromTheBatch.class),
			ClientFault.CONSUMER),

	CHECKSUM_IGNORED("A batch is given though its checksum does not fit", "internal.consumer.DamagedBatches",
			"isIntact", Change.returning(true), "internal.consumer.DamagedBatchesTest"),

	DELIVERY_FOR_NOBODY_LEAKS("What comes for a consumer that is closed is never released",
			"internal.connection.BrokerStreams", "deliver", Change.withoutCalling("release"),
			"internal.consumer.BrokerStreamDeliveriesTest"),

	READER_BEGINS_AGAIN("A reader whose connection was lost begins where it began at first",
			"internal.consumer.ReadPosition", "taken", Change.nothing(), "internal.consumer.ReaderTest"),

	// The application's code

	CALLBACK_ON_EVENT_LOOP("Callbacks run on the event loop, and block what they wait for",
			"internal.callback.CallbackQueue", "executeAll", Change.advised(ConsumerAdvice.RunsAtOnce.class),
			"CallbackTest"),

	CALLBACK_ENDS_OTHERS("A callback that throws ends those behind it", "internal.callback.CallbackQueue$Turn", "run",
			Change.advised(ConsumerAdvice.RunsUnguarded.class), "internal.callback.CallbackQueueTest");

	private static final String PRODUCER = "internal.producer.ProducerCoreTest";

	private static final String CONSUMER = "internal.consumer.ConsumerCoreTest";

	private static final String SHARED_STREAM = "internal.consumer.SharedStreamTest";

	private static final String CONNECTIONS = "internal.connection.ConnectionManagerTest";

	private final Mistake mistake;

	ClientFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir.client", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
