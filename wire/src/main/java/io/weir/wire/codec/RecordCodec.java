package io.weir.wire.codec;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.MessageTimes;
import io.weir.wire.ProtocolException;

/** One message of a batch, without its length. The payload is all that remains. */
final class RecordCodec {

	/** Attributes and the number of headers. */
	static final int MIN_BYTES = 2;

	private static final int HAS_KEY = 0b01;

	private static final int HAS_EVENT_TIME = 0b10;

	private static final int HAS_OPTIONS = 0b100;

	private static final String KEY = "key";

	private static final String EVENT_TIME = "event time";

	private static final String HEADER_COUNT = "number of headers";

	private static final String HEADER_NAME = "header name";

	private static final String HEADER_VALUE = "header value";

	private RecordCodec() {
	}

	/** The size of a message, which is thereby checked. */
	static int sizeOf(MessageRecord record) {
		String key = record.key();
		long size = 1L + ((key != null) ? Text.NAME.sizeOf(KEY, key) : 0);
		Instant eventTime = record.eventTime();
		if (eventTime != null) {
			millis(eventTime);
			size += Long.BYTES;
		}
		int options = MessageOptions.sizeOf(record);
		size += (options > 0) ? Varint.sizeOf(options) + options : 0;
		int headers = record.headers().size();
		if (headers > Limits.MAX_HEADERS) {
			throw Malformed.outside(HEADER_COUNT, 0, Limits.MAX_HEADERS, headers);
		}
		size += Varint.sizeOf(headers);
		for (Map.Entry<String, String> header : record.headers().asMap().entrySet()) {
			size += Text.NAME.sizeOf(HEADER_NAME, header.getKey());
			size += Text.LONG.sizeOf(HEADER_VALUE, header.getValue());
		}
		size += record.payload().readableBytes();
		if (size > Varint.MAX_LENGTH) {
			throw new ProtocolException(ErrorCode.MESSAGE_TOO_LARGE,
					"A message must have at most " + Varint.MAX_LENGTH + " bytes, has " + size);
		}
		return (int) size;
	}

	/** Writes a message that was checked. */
	static void write(ByteBuf out, MessageRecord record) {
		String key = record.key();
		Instant eventTime = record.eventTime();
		boolean options = MessageOptions.sizeOf(record) > 0;
		out.writeByte(((key != null) ? HAS_KEY : 0) | ((eventTime != null) ? HAS_EVENT_TIME : 0)
				| (options ? HAS_OPTIONS : 0));
		if (key != null) {
			Text.NAME.write(out, KEY, key);
		}
		if (eventTime != null) {
			out.writeLong(millis(eventTime));
		}
		if (options) {
			MessageOptions.write(out, record);
		}
		Varint.write(out, HEADER_COUNT, record.headers().size());
		record.headers().asMap().forEach((name, value) -> {
			Text.NAME.write(out, HEADER_NAME, name);
			Text.LONG.write(out, HEADER_VALUE, value);
		});
		ByteBuf payload = record.payload();
		out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
	}

	static MessageRecord read(ByteBuf in) {
		int attributes = readAttributes(in);
		@Nullable String key = has(attributes, HAS_KEY) ? Text.NAME.read(in, KEY) : null;
		@Nullable Instant eventTime = has(attributes, HAS_EVENT_TIME) ? Instant.ofEpochMilli(EightBytes.read(in, EVENT_TIME))
				: null;
		@Nullable MessageOptions options = readOptions(in, attributes);
		Headers headers = readHeaders(in);
		ByteBuf payload = in.readSlice(in.readableBytes());
		return (options != null)
				? new MessageRecord(key, eventTime, headers, options.times(), options.replays(), payload)
				: new MessageRecord(key, eventTime, headers, payload);
	}

	/**
	 * Fails exactly if {@link #read(ByteBuf)} fails, without making objects of anything.
	 * @param size how many bytes the message has with its length
	 * @param keys hashes keys
	 * @param visitor is told of the message
	 */
	static void check(ByteBuf in, int size, KeyHasher keys, MessageVisitor visitor) {
		int attributes = readAttributes(in);
		int keyHash = MessageVisitor.NO_KEY;
		if (has(attributes, HAS_KEY)) {
			int length = Text.NAME.skip(in, KEY);
			keyHash = keys.hash(in.readerIndex() - length, length);
		}
		if (has(attributes, HAS_EVENT_TIME)) {
			EightBytes.read(in, EVENT_TIME);
		}
		@Nullable MessageOptions options = readOptions(in, attributes);
		checkHeaders(in);
		visitor.message(size, keyHash, (options != null) ? options.times() : MessageTimes.ANY);
	}

	private static void checkHeaders(ByteBuf in) {
		int headers = Varint.readInt(in, HEADER_COUNT, 0, Limits.MAX_HEADERS);
		for (int i = 0; i < headers; i++) {
			Text.NAME.skip(in, HEADER_NAME);
			Text.LONG.skip(in, HEADER_VALUE);
		}
	}

	private static int readAttributes(ByteBuf in) {
		if (!in.isReadable()) {
			throw Malformed.truncated("attributes");
		}
		return in.readUnsignedByte();
	}

	private static @Nullable MessageOptions readOptions(ByteBuf in, int attributes) {
		return has(attributes, HAS_OPTIONS) ? MessageOptions.read(in) : null;
	}

	/** If a name comes twice, its last value counts. */
	private static Headers readHeaders(ByteBuf in) {
		int count = Varint.readInt(in, HEADER_COUNT, 0, Limits.MAX_HEADERS);
		if (count == 0) {
			return Headers.empty();
		}
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			String name = Text.NAME.read(in, HEADER_NAME);
			headers.put(name, Text.LONG.read(in, HEADER_VALUE));
		}
		return Headers.of(headers);
	}

	private static boolean has(int attributes, int attribute) {
		return (attributes & attribute) != 0;
	}

	private static long millis(Instant eventTime) {
		try {
			return eventTime.toEpochMilli();
		}
		catch (ArithmeticException ex) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					"The event time " + eventTime + " does not fit into 64 bits of milliseconds", ex);
		}
	}

}
