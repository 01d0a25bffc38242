package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;

/**
 * The messages of a {@code PUBLISH} or {@code DELIVER}, one after the other; not
 * compressed, unless it says so. Safe to use from any thread, each batch by one at a
 * time.
 */
public final class MessageBatch {

	private MessageBatch() {
	}

	/**
	 * How many bytes a message takes in a batch.
	 * @param record the message
	 * @return the exact size, in bytes
	 * @throws ProtocolException {@link ErrorCode#INVALID_REQUEST} if the message breaks a
	 * limit, {@link ErrorCode#MESSAGE_TOO_LARGE} if no frame could hold it
	 */
	public static int sizeOf(MessageRecord record) {
		int length = RecordCodec.sizeOf(record);
		return Varint.sizeOf(length) + length;
	}

	/**
	 * Appends a message to a batch. If it throws, the batch is as it was.
	 * @param out the batch
	 * @param record the message; its payload is copied, stays the caller's and keeps its
	 * reader index
	 * @throws ProtocolException as {@link #sizeOf(MessageRecord)}
	 */
	public static void write(ByteBuf out, MessageRecord record) {
		int length = RecordCodec.sizeOf(record);
		out.ensureWritable(Varint.LENGTH_BYTES + length);
		Varint.write(out, "message length", length);
		RecordCodec.write(out, record);
	}

	/**
	 * A batch as it can be read and checked here, whether it is compressed or not.
	 * @param encoding how it is encoded; its size, which the caller has bounded, is
	 * allocated
	 * @param batch the batch, as it came; keeps its reader index and stays the caller's
	 * @return the batch, which the caller must release
	 * @throws ProtocolException {@link ErrorCode#PROTOCOL_VIOLATION} if the bytes are not
	 * what the encoding says, {@link ErrorCode#INVALID_CONFIGURATION} if there is no
	 * library for the compression
	 */
	public static ByteBuf decompressed(BatchEncoding encoding, ByteBuf batch) {
		return BatchCompression.decompress(ByteBufAllocator.DEFAULT, encoding, batch);
	}

	/**
	 * Reads the messages of a batch.
	 * @param batch the batch; keeps its reader index and reference count
	 * @param count how many messages it has, from 1 to {@link Limits#MAX_BATCH_MESSAGES}
	 * @return the messages; their payloads are slices of the batch, valid as long as it
	 * @throws ProtocolException if the bytes are not that many messages, or a message
	 * breaks a limit
	 */
	public static List<MessageRecord> read(ByteBuf batch, int count) {
		ByteBuf in = begin(batch, count);
		List<MessageRecord> records = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			int end = enter(in);
			records.add(RecordCodec.read(in));
			leave(in, end, batch);
		}
		end(in, count);
		return records;
	}

	/**
	 * Checks that {@link #read(ByteBuf, int)} would succeed, without making objects of
	 * the messages.
	 * @param batch the batch; keeps its reader index and reference count
	 * @param count how many messages it should have
	 * @param visitor is told of each, on the caller's thread
	 * @throws ProtocolException as {@link #read(ByteBuf, int)}
	 */
	public static void check(ByteBuf batch, int count, MessageVisitor visitor) {
		ByteBuf in = begin(batch, count);
		KeyHasher keys = new KeyHasher(batch);
		for (int i = 0; i < count; i++) {
			int start = in.readerIndex();
			int end = enter(in);
			RecordCodec.check(in, end - start, keys, visitor);
			leave(in, end, batch);
		}
		end(in, count);
	}

	private static ByteBuf begin(ByteBuf batch, int count) {
		if (count < 1 || count > Limits.MAX_BATCH_MESSAGES) {
			throw Malformed.outside("number of messages", 1, Limits.MAX_BATCH_MESSAGES, count);
		}
		if (count > batch.readableBytes() / (1 + RecordCodec.MIN_BYTES)) {
			throw Malformed.truncated("messages");
		}
		return batch.duplicate();
	}

	/** Lets nothing be read beyond the end of the message that follows. */
	private static int enter(ByteBuf in) {
		long length = Varint.read(in, "message length");
		if (length > in.readableBytes()) {
			throw Malformed.truncated("message");
		}
		int end = in.readerIndex() + (int) length;
		in.writerIndex(end);
		return end;
	}

	private static void leave(ByteBuf in, int end, ByteBuf batch) {
		in.writerIndex(batch.writerIndex());
		in.readerIndex(end);
	}

	private static void end(ByteBuf in, int count) {
		if (in.isReadable()) {
			throw Malformed.bytes("The batch has " + in.readableBytes() + " bytes after its " + count + " messages");
		}
	}

}
