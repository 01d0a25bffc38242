package io.weir.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;
import io.weir.fixtures.faults.PlantedFault;

/**
 * Mistakes that others have made, or that we could make, between the bytes of a stream
 * and those who take its frames.
 */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum WireFault implements PlantedFault {

	// Frames and batches

	PARTIAL_FRAME_REFUSED("A partial frame is taken as an error", "wire.codec.FrameDecoder", "nextContent",
			Change.advised(WireAdvice.RefusesWhatIsIncomplete.class), "wire.codec.FrameRoundTripTest"),

	FRAME_LENGTH_TRUNCATED("The length of a frame is cut to 16 bits", "wire.codec.FrameDecoder", "readLength",
			Change.advised(WireAdvice.ReturnsLow16Bits.class), "wire.codec.FrameRoundTripTest", WireFault.STREAM_INPUT),

	MESSAGE_LENGTH_TRUNCATED("The length of a message in a batch is cut to 16 bits", "wire.codec.RecordCodec", "sizeOf",
			Change.advised(WireAdvice.ReturnsLow16BitsOfInt.class), WireFault.BATCHES),

	FRAME_SIZE_UNBOUNDED("A frame is taken however long it says it is", "wire.codec.FrameDecoder", "readLength",
			Change.advised(WireAdvice.ReturnsInsteadOfThrowing.class), "wire.codec.MalformedFrameTest"),

	TEXT_UNBOUNDED("A text is taken however long it is", "wire.codec.Text", "checkLength", Change.nothing(),
			"wire.codec.TextTest"),

	BATCH_NOT_RETAINED("A batch is handed on in memory that is used again", "wire.codec.ProducerCodec", "readPublish",
			Change.advised(WireAdvice.ReleasesTheBatch.class), "wire.codec.FrameRoundTripTest"),

	REST_OF_BATCH_IGNORED("What follows the last message of a batch is passed over", "wire.codec.MessageBatch", "end",
			Change.nothing(), WireFault.BATCHES),

	BOMB_TAKEN("A batch may say that it has any size when it is decompressed", "wire.codec.Lz4Compressor", "isPossible",
			Change.returning(true), "wire.codec.BatchCompressionTest"),

	NEEDED_OPTION_PASSED_OVER("An option that must be understood is passed over", "wire.codec.Options", "isToBeKnown",
			Change.returning(false), "wire.codec.OptionsTest"),

	UNKNOWN_FRAME_SENT("A peer is sent what it has not said that it knows", "wire.codec.FrameEncoder", "requireSupport",
			Change.nothing(), "wire.codec.EncodeRefusalTest"),

	// Fragments

	FRAGMENTS_MIXED_UP("Fragments of two frames are put together", "wire.codec.FragmentAssembler$WholeFrames", "check",
			Change.nothing(), WireFault.FRAGMENTS),

	FRAGMENTS_NOT_GIVEN_BACK("Memory for fragments is not given back when the frame is whole",
			"wire.codec.AssemblyBudget", "giveBack", Change.nothing(), WireFault.FRAGMENTS),

	FRAGMENTS_UNBOUNDED("Fragments are kept without asking for memory", "wire.codec.AssemblyBudget", "take",
			Change.nothing(), WireFault.FRAGMENTS),

	FRAGMENTS_LEAK("A frame that is incomplete when its stream ends is never released", "wire.codec.FragmentAssembler",
			"release", Change.nothing(), WireFault.FRAGMENTS),

	// What comes

	INCOMPLETE_FRAME_NOT_GIVEN_BACK("Memory for an incomplete frame is not given back", "transport.stream.StreamInput",
			"forget", Change.withoutCalling("giveBack"), WireFault.STREAM_INPUT),

	PAUSED_STREAM_READ("A stream whose handler wants nothing more is read nevertheless",
			"transport.stream.ReadingState", "want", Change.nothing(), WireFault.CARRIER),

	PAUSED_STREAM_STAYS_SO("What came while a stream was paused is not handed out when it goes on",
			"transport.stream.StreamInput", "handOut", Change.nothing(), WireFault.STREAM_INPUT),

	SLOW_FRAME_KEEPS_MEMORY("Who sends next to nothing of a frame keeps its memory", "wire.codec.FrameProgress",
			"isTooSlow", Change.returning(false), WireFault.STREAM_INPUT, "transport.quic.FrameTimeoutTest"),

	FAILURE_IGNORED("What a handler throws is ignored, and its peer waits",
			"transport.stream.ChannelFrameStream$Inbound", "failed", Change.nothing(), WireFault.CARRIER),

	// What goes

	NOT_FLUSHED("What is written is not flushed", "transport.stream.WriteBatch", "write", WireAdvice.WITHOUT_FLUSHING,
			WireFault.CARRIER),

	LAST_FRAMES_LOST("Closing a stream loses what waits to be written", "transport.stream.StreamOutput", "whenEmpty",
			Change.advised(WireAdvice.RunsAtOnce.class), WireFault.CARRIER),

	WINDOW_NOT_REPLENISHED("What the peer has read is not granted again, so that writing stops",
			"transport.stream.Probes", "answered", Change.nothing(), WireFault.CARRIER),

	WINDOW_IGNORED("More is on its way than the window grants, so that pings wait behind it", "transport.stream.Probes",
			"mayWrite", Change.returning(true), WireFault.FLIGHT_CONTROL),

	ANSWERS_UNBOUNDED("Answers that the peer does not read are kept without a bound", "transport.stream.UnsentFrames",
			"tell", Change.nothing(), WireFault.FLIGHT_CONTROL),

	HELD_BACK_FOR_EVER("Who was held back for unread answers is never read again",
			"transport.stream.ChannelFrameStream", "heldChanged", Change.nothing(), WireFault.FLIGHT_CONTROL),

	TURN_FOR_EACH_FRAME("Each frame takes a turn of the event loop", "transport.stream.StreamOutput", "write",
			Change.advised(WireAdvice.SchedulesAgain.class), WireFault.FLIGHT_CONTROL),

	WAITING_FRAMES_LEAK("What waits to be written on a stream that ends is neither failed nor released",
			"transport.stream.StreamOutput", "failWaiting", Change.nothing(), WireFault.FLIGHT_CONTROL,
			"transport.memory.MemoryCarrierTest"),

	// Requests

	REQUEST_WAITS_FOR_EVER("Who waits for an answer is not told that the stream has ended", "transport.RequestStream",
			"onClosed", Change.nothing(), WireFault.REQUESTS),

	LATE_ANSWER_LEAKS("An answer that comes too late is not released", "transport.RequestStream", "onFrame",
			Change.withoutCalling("release"), WireFault.REQUESTS),

	REQUEST_LEAKS("A request on a stream that has ended is not released", "transport.RequestStream", "request",
			Change.withoutCalling("release"), WireFault.REQUESTS),

	SILENCE_UNNOTICED("A peer that does not answer is taken for alive", "transport.Heartbeat", "beat", Change.nothing(),
			WireFault.CARRIER),

	VALIDATION_WITHOUT_PING("A stream from the pool is not tested by a ping", "transport.StreamLifecycle", "validate",
			Change.advised(WireAdvice.ReturnsDone.class), WireFault.REQUESTS),

	// QUIC

	NO_STREAMS_GRANTED("The peer is granted no streams, which is Netty's default", "transport.quic.QuicTransport",
			"configure", Change.advised(QuicAdvice.GrantsNoStreams.class), WireFault.QUIC),

	NO_STREAM_WINDOW("A stream is granted no bytes, which is Netty's default", "transport.quic.QuicTransport",
			"configure", Change.advised(QuicAdvice.GrantsNoBytesOfAStream.class), WireFault.QUIC),

	NO_CONNECTION_WINDOW("A connection is granted no bytes, which is Netty's default", "transport.quic.QuicTransport",
			"configure", Change.advised(QuicAdvice.GrantsNoBytes.class), WireFault.QUIC),

	IDLE_FOR_EVER("A connection without a packet is never given up, which is Netty's default",
			"transport.quic.QuicTransport", "configure", Change.advised(QuicAdvice.NeverIdle.class),
			"transport.quic.RelayedTransportTest"),

	LOSSES_NOT_REPAIRED("What Netty forgets to send again is not sent", "transport.quic.LossRepair", "repair",
			Change.nothing(), "transport.quic.LossRepairTest"),

	TOKEN_OF_ANYBODY("A token that proves an address counts for every address", "transport.quic.AddressTokens", "mac",
			Change.advised(QuicAdvice.ForgetsTheAddress.class), "transport.quic.AddressTokensTest"),

	SILENT_PEER_NOT_TOLD("A peer that acknowledges nothing is not told apart from one that is slow",
			"transport.quic.SilenceWatch", "lookCloser", Change.nothing(), "transport.quic.SilenceWatchTest");

	private static final String BATCHES = "wire.codec.MessageBatchTest";

	private static final String FRAGMENTS = "wire.codec.FragmentAssemblerTest";

	private static final String STREAM_INPUT = "transport.stream.StreamInputTest";

	private static final String REQUESTS = "transport.RequestStreamTest";

	private static final String CARRIER = "transport.memory.MemoryCarrierTest";

	private static final String QUIC = "transport.quic.QuicCarrierTest";

	private static final String FLIGHT_CONTROL = "transport.quic.FlightControlTest";

	private final Mistake mistake;

	WireFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
