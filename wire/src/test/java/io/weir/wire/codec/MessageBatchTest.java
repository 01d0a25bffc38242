package io.weir.wire.codec;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.message.Headers;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.MessageTimes;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageBatchTest {

	private static final MessageRecord PLAIN = new MessageRecord(null, null, Headers.empty(), Unpooled.EMPTY_BUFFER);

	@RegisterExtension
	final Buffers buffers = new Buffers();

	@Test
	void messagesComeBackAsTheyWere() {
		List<MessageRecord> records = samples();
		ByteBuf batch = this.buffers.empty();
		for (MessageRecord record : records) {
			int before = batch.writerIndex();
			MessageBatch.write(batch, record);
			assertThat(batch.writerIndex() - before).isEqualTo(MessageBatch.sizeOf(record));
		}
		int size = batch.readableBytes();
		MessageBatch.check(batch, records.size(), Samples.NOBODY);
		assertThat(MessageBatch.read(batch, records.size())).isEqualTo(records);
		assertThat(batch.readableBytes()).isEqualTo(size);
		assertThat(batch.refCnt()).isOne();
		batch.release();
	}

	@Test
	void payloadsAreSlicesOfTheBatch() {
		ByteBuf batch = batch(new MessageRecord("k", null, Headers.empty(), Unpooled.wrappedBuffer(new byte[] { 1 })));
		ByteBuf payload = MessageBatch.read(batch, 1).get(0).payload();
		batch.setByte(batch.writerIndex() - 1, 42);
		assertThat(payload.readByte()).isEqualTo((byte) 42);
		assertThat(batch.refCnt()).isOne();
		batch.release();
	}

	@Test
	void aPayloadIsCopiedFromReaderToWriterIndexAndStaysTheCallers() {
		ByteBuf payload = this.buffers.of(9, 1, 2).skipBytes(1);
		ByteBuf batch = batch(new MessageRecord(null, null, Headers.empty(), payload));
		assertThat(MessageBatch.read(batch, 1).get(0).payload()).isEqualTo(payload);
		assertThat(payload.readableBytes()).isEqualTo(2);
		payload.release();
		batch.release();
	}

	@Test
	void eachMessageIsToldWithItsPlaceInTheBatch() {
		List<MessageRecord> records = samples();
		ByteBuf batch = this.buffers.of(0xFF);
		records.forEach((record) -> MessageBatch.write(batch, record));
		batch.skipBytes(1);
		List<Visit> visits = visits(batch, records.size());
		int begin = batch.readerIndex();
		for (int i = 0; i < records.size(); i++) {
			ByteBuf one = batch.slice(begin, visits.get(i).size());
			assertThat(MessageBatch.read(one, 1)).containsExactly(records.get(i));
			begin += visits.get(i).size();
		}
		assertThat(begin).isEqualTo(batch.writerIndex());
		batch.release();
	}

	/** The check value of CRC-32C is that of these digits. */
	@Test
	void keysAreHashedByTheirUtf8WhereverTheBatchLies() {
		ByteBuf batch = batch(keyed("123456789"), keyed(null), keyed("ä€😀"), keyed(""), keyed("123456789"));
		List<Integer> hashes = visits(batch, 5).stream().map(Visit::keyHash).toList();
		CRC32C text = new CRC32C();
		text.update("ä€😀".getBytes(StandardCharsets.UTF_8));
		assertThat(hashes).containsExactly(0xE306_9283, MessageVisitor.NO_KEY, (int) text.getValue(), 0, 0xE306_9283);
		for (int cut = 0; cut <= batch.readableBytes(); cut++) {
			CompositeByteBuf pieces = this.buffers.alloc().compositeBuffer();
			pieces.addComponent(true, batch.retainedSlice(0, cut));
			pieces.addComponent(true, batch.retainedSlice(cut, batch.readableBytes() - cut));
			assertThat(visits(pieces, 5)).extracting(Visit::keyHash).isEqualTo(hashes);
			pieces.release();
		}
		batch.release();
	}

	private static MessageRecord keyed(@Nullable String key) {
		return new MessageRecord(key, null, Headers.empty(), Unpooled.EMPTY_BUFFER);
	}

	private static List<Visit> visits(ByteBuf batch, int count) {
		List<Visit> visits = new ArrayList<>();
		MessageBatch.check(batch, count, (size, keyHash, times) -> visits.add(new Visit(size, keyHash, times)));
		assertThat(visits).extracting(Visit::times)
			.isEqualTo(MessageBatch.read(batch, count).stream().map(MessageRecord::times).toList());
		return visits;
	}

	@Test
	void aBatchMayLieAnywhereInABuffer() {
		ByteBuf batch = this.buffers.of(0xFF, 0xFF);
		MessageBatch.write(batch, PLAIN);
		batch.skipBytes(2);
		MessageBatch.check(batch, 1, Samples.NOBODY);
		assertThat(MessageBatch.read(batch, 1)).containsExactly(PLAIN);
		batch.release();
	}

	@Test
	void aMessageHasTheBytesThatTheProtocolSays() {
		ByteBuf batch = batch(new MessageRecord("k", Instant.ofEpochMilli(-1), Headers.empty().with("a", "bc"),
				Unpooled.wrappedBuffer(new byte[] { 7, 8 })));
		assertThat(ByteBufUtil.hexDump(batch))
			.isEqualTo("13" + "03" + "016b" + "ffffffffffffffff" + "01" + "0161" + "026263" + "0708");
		batch.release();
	}

	@Test
	void anEventTimeIsRoundedDownToMilliseconds() {
		ByteBuf batch = batch(
				new MessageRecord(null, Instant.ofEpochSecond(-1, 999_999), Headers.empty(), Unpooled.EMPTY_BUFFER));
		assertThat(MessageBatch.read(batch, 1).get(0).eventTime()).isEqualTo(Instant.ofEpochMilli(-1000));
		batch.release();
	}

	@Test
	void theLastOfTwoHeadersOfOneNameCounts() {
		ByteBuf batch = bytes("0a" + "00" + "02" + "01610162" + "01610163");
		MessageBatch.check(batch, 1, Samples.NOBODY);
		assertThat(MessageBatch.read(batch, 1).get(0).headers()).isEqualTo(Headers.empty().with("a", "c"));
		batch.release();
	}

	@ParameterizedTest
	@CsvSource({ "00, 1, PROTOCOL_VIOLATION, messages", "020000, 2, PROTOCOL_VIOLATION, messages",
			"020000020000, 1, PROTOCOL_VIOLATION, 3 bytes after its 1 messages",
			"030000, 1, PROTOCOL_VIOLATION, message", "000000, 1, PROTOCOL_VIOLATION, attributes",
			"ffffffffffffffff, 1, PROTOCOL_VIOLATION, message", "020400, 1, PROTOCOL_VIOLATION, number of headers",
			"03040300, 1, PROTOCOL_VIOLATION, options",
			// The key reaches beyond its message, though not beyond the batch.
			"0301056b 0400006b6b, 2, PROTOCOL_VIOLATION, key", "040101ff00, 1, PROTOCOL_VIOLATION, key is not UTF-8",
			"09020000000000000000, 1, PROTOCOL_VIOLATION, number of headers",
			"0802000000000000ff, 1, PROTOCOL_VIOLATION, event time",
			"03004101, 1, INVALID_REQUEST, number of headers must be from 0 to 256",
			"040001ff00, 1, PROTOCOL_VIOLATION, header name", "05000101ff00, 1, PROTOCOL_VIOLATION, header name is not",
			"0500010001ff, 1, PROTOCOL_VIOLATION, header value is not", "03000100, 1, PROTOCOL_VIOLATION, header value",
			"03014401, 1, INVALID_REQUEST, key must have at most 1024 bytes",
			"07000100 80010001, 1, INVALID_REQUEST, header value must have at most 65536 bytes" })
	void whatIsNoMessageIsRefusedByReadAndCheckAlike(String hex, int count, ErrorCode code, String message) {
		ByteBuf batch = bytes(hex.replace(" ", ""));
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> MessageBatch.check(batch, count, Samples.NOBODY))
			.withMessageContaining(message)
			.returns(code, ProtocolException::code);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> MessageBatch.read(batch, count))
			.withMessageContaining(message)
			.returns(code, ProtocolException::code);
		assertThat(batch.refCnt()).isOne();
		batch.release();
	}

	@Test
	void aBatchCutOffAnywhereIsRefused() {
		List<MessageRecord> records = samples().subList(0, 6);
		ByteBuf batch = batch(records.toArray(MessageRecord[]::new));
		for (int length = 0; length < batch.readableBytes(); length++) {
			ByteBuf cut = batch.slice(0, length);
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> MessageBatch.check(cut, records.size(), Samples.NOBODY));
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> MessageBatch.read(cut, records.size()));
		}
		batch.release();
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, Limits.MAX_BATCH_MESSAGES + 1, Integer.MAX_VALUE })
	void aCountThatNoBatchHasIsRefused(int count) {
		ByteBuf batch = bytes("020000");
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> MessageBatch.check(batch, count, Samples.NOBODY))
			.withMessage("The number of messages must be from 1 to 8192, was " + count)
			.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		batch.release();
	}

	@Test
	void theLargestBatchIsTaken() {
		ByteBuf batch = this.buffers.empty();
		for (int i = 0; i < Limits.MAX_BATCH_MESSAGES; i++) {
			MessageBatch.write(batch, PLAIN);
		}
		MessageBatch.check(batch, Limits.MAX_BATCH_MESSAGES, Samples.NOBODY);
		assertThat(MessageBatch.read(batch, Limits.MAX_BATCH_MESSAGES)).hasSize(Limits.MAX_BATCH_MESSAGES);
		batch.release();
	}

	@Test
	void aMessageBeyondALimitIsRefusedBeforeAnythingIsWritten() {
		String name = "x".repeat(Limits.MAX_NAME_BYTES + 1);
		String text = "x".repeat(Limits.MAX_TEXT_BYTES + 1);
		assertRefused(new MessageRecord(name, null, Headers.empty(), Unpooled.EMPTY_BUFFER),
				"The key must have at most 1024 bytes of UTF-8, has 1025");
		assertRefused(new MessageRecord(null, null, Headers.empty().with(name, ""), Unpooled.EMPTY_BUFFER),
				"The header name must have at most 1024 bytes of UTF-8, has 1025");
		assertRefused(new MessageRecord(null, null, Headers.empty().with("a", text), Unpooled.EMPTY_BUFFER),
				"The header value must have at most 65536 bytes of UTF-8, has 65537");
		assertRefused(new MessageRecord(null, null, headers(Limits.MAX_HEADERS + 1), Unpooled.EMPTY_BUFFER),
				"The number of headers must be from 0 to 256, was 257");
		assertRefused(new MessageRecord("\uD800", null, Headers.empty(), Unpooled.EMPTY_BUFFER),
				"The key has a surrogate without its pair: it cannot be written in UTF-8");
		assertRefused(new MessageRecord(null, Instant.MAX, Headers.empty(), Unpooled.EMPTY_BUFFER),
				"The event time +1000000000-12-31T23:59:59.999999999Z does not fit into 64 bits of milliseconds");
	}

	private void assertRefused(MessageRecord record, String message) {
		ByteBuf batch = batch(PLAIN);
		int before = batch.writerIndex();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> MessageBatch.sizeOf(record))
			.withMessage(message);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> MessageBatch.write(batch, record))
			.withMessage(message)
			.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		assertThat(batch.writerIndex()).isEqualTo(before);
		batch.release();
	}

	private static List<MessageRecord> samples() {
		List<MessageRecord> records = new ArrayList<>();
		ByteBuf payload = Unpooled.wrappedBuffer(new byte[] { 1, 2, 3 });
		records.add(PLAIN);
		records.add(new MessageRecord("", null, Headers.empty(), payload));
		records.add(new MessageRecord(null, Instant.EPOCH, Headers.empty(), payload));
		records.add(new MessageRecord("ä€😀", Instant.ofEpochMilli(Long.MAX_VALUE), headers(2), payload));
		records.add(new MessageRecord("k", Instant.ofEpochMilli(Long.MIN_VALUE), headers(1), Unpooled.EMPTY_BUFFER));
		records.add(new MessageRecord("k", null, Headers.empty().with("", ""), payload));
		records.add(new MessageRecord("x".repeat(Limits.MAX_NAME_BYTES), null,
				headers(Limits.MAX_HEADERS).with("header-1", "x".repeat(Limits.MAX_TEXT_BYTES)), payload));
		for (MessageTimes times : List.of(new MessageTimes(1, 0, MessageTimes.NEVER, MessageTimes.NEVER),
				new MessageTimes(MessageTimes.AT_ONCE, 7, 8, MessageTimes.NEVER),
				new MessageTimes(-1, Long.MAX_VALUE, Long.MIN_VALUE, 0))) {
			records.add(new MessageRecord("k", Instant.EPOCH, headers(1), times, payload));
		}
		records.add(new MessageRecord("k", null, headers(1), MessageTimes.ANY, 1, payload));
		records.add(new MessageRecord("k", Instant.EPOCH, headers(1), new MessageTimes(1, 2, 3, 4), Integer.MAX_VALUE,
				payload));
		for (int size : new int[] { 61, 62, 16_381, 16_382, 100_000 }) {
			records.add(new MessageRecord(null, null, Headers.empty(), Unpooled.wrappedBuffer(new byte[size])));
		}
		return records;
	}

	private static Headers headers(int count) {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			headers.put("header-" + i, "value " + i);
		}
		return Headers.of(headers);
	}

	private ByteBuf batch(MessageRecord... records) {
		ByteBuf batch = this.buffers.empty();
		for (MessageRecord record : records) {
			MessageBatch.write(batch, record);
		}
		return batch;
	}

	private ByteBuf bytes(String hex) {
		return this.buffers.empty().writeBytes(ByteBufUtil.decodeHexDump(hex));
	}

	private record Visit(int size, int keyHash, MessageTimes times) {
	}

}
