package io.weir.wire.codec;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame.Connect;
import io.weir.wire.Frame.Connected;
import io.weir.wire.Frame.Fragment;
import io.weir.wire.Frame.GoAway;
import io.weir.wire.Frame.Ping;
import io.weir.wire.Frame.Pong;
import io.weir.wire.Limits;
import io.weir.wire.ResetToken;

/** The bodies of the frames that make, keep and end a session, or carry others. */
final class ControlCodec {

	private static final String REMAINING = "number of bytes that remain";

	private static final String SESSION_TIMEOUT = "session timeout";

	private static final String RESET_TOKEN = "reset token";

	private ControlCodec() {
	}

	static void writeConnect(ByteBuf out, Connect frame) {
		Text.NAME.write(out, "client name", frame.clientName());
		Text.LONG.writeNullable(out, "token", frame.token());
		writeFeatures(out, frame.features());
	}

	static Connect readConnect(ByteBuf body) {
		String clientName = Text.NAME.read(body, "client name");
		@Nullable String token = Text.LONG.readNullable(body, "token");
		return new Connect(clientName, token, readFeatures(body));
	}

	static void writeConnected(ByteBuf out, Connected frame) {
		Text.NAME.write(out, "broker name", frame.brokerName());
		Varint.write(out, "session id", frame.sessionId());
		Varint.write(out, "maximum frame size", 1, Varint.MAX_LENGTH, frame.maxFrameSize());
		Varint.write(out, "maximum in flight", 1, Integer.MAX_VALUE, frame.maxInFlight());
		Varint.write(out, "maximum message size", 1, Limits.MAX_MESSAGE_SIZE, frame.maxMessageSize());
		writeFeatures(out, frame.features());
		Varint.write(out, SESSION_TIMEOUT, 1, Integer.MAX_VALUE, frame.sessionTimeout());
		ResetToken token = frame.resetToken();
		Flag.write(out, token != null);
		if (token != null) {
			out.writeLong(token.high()).writeLong(token.low());
		}
	}

	static Connected readConnected(ByteBuf body) {
		String brokerName = Text.NAME.read(body, "broker name");
		long sessionId = Varint.read(body, "session id");
		int maxFrameSize = Varint.readInt(body, "maximum frame size", 1, Varint.MAX_LENGTH);
		int maxInFlight = Varint.readInt(body, "maximum in flight", 1, Integer.MAX_VALUE);
		int maxMessageSize = Varint.readInt(body, "maximum message size", 1, Limits.MAX_MESSAGE_SIZE);
		Set<Feature> features = readFeatures(body);
		int sessionTimeout = Varint.readInt(body, SESSION_TIMEOUT, 1, Integer.MAX_VALUE);
		return new Connected(brokerName, sessionId, maxFrameSize, maxInFlight, maxMessageSize, features, sessionTimeout,
				Flag.read(body, RESET_TOKEN) ? readToken(body) : null);
	}

	private static void writeFeatures(ByteBuf out, Set<Feature> features) {
		Varint.write(out, "number of features", features.size());
		for (Feature feature : features) {
			Varint.write(out, "feature", feature.number());
		}
	}

	/** Passes over what a later version may add. */
	private static Set<Feature> readFeatures(ByteBuf body) {
		long count = Varint.read(body, "number of features");
		Set<Feature> features = EnumSet.noneOf(Feature.class);
		for (long i = 0; i < count; i++) {
			long number = Varint.read(body, "feature");
			for (Feature feature : Feature.values()) {
				if (feature.number() == number) {
					features.add(feature);
				}
			}
		}
		return Collections.unmodifiableSet(features);
	}

	private static ResetToken readToken(ByteBuf body) {
		return new ResetToken(EightBytes.read(body, RESET_TOKEN), EightBytes.read(body, RESET_TOKEN));
	}

	static void writePing(ByteBuf out, Ping frame) {
		out.writeLong(frame.nonce());
	}

	static Ping readPing(ByteBuf body) {
		return new Ping(EightBytes.read(body, "nonce"));
	}

	static void writePong(ByteBuf out, Pong frame) {
		out.writeLong(frame.nonce());
	}

	static Pong readPong(ByteBuf body) {
		return new Pong(EightBytes.read(body, "nonce"));
	}

	static void writeGoAway(ByteBuf out, GoAway frame) {
		Varint.write(out, "error code", frame.code().number());
		Text.writeReason(out, frame.reason());
	}

	static GoAway readGoAway(ByteBuf body) {
		ErrorCode code = ErrorCode.of(Varint.read(body, "error code"));
		return new GoAway(code, Text.LONG.read(body, "reason"));
	}

	/** Writes all but the part, which the {@link FrameEncoder} appends. */
	static void writeFragment(ByteBuf out, Fragment frame) {
		Varint.write(out, REMAINING, 0, Varint.MAX_LENGTH, frame.remaining());
	}

	static Fragment readFragment(ByteBuf body) {
		int remaining = Varint.readInt(body, REMAINING, 0, Varint.MAX_LENGTH);
		return new Fragment(remaining, body.readRetainedSlice(body.readableBytes()));
	}

}
