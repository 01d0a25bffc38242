package io.weir.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that can go wrong, on the wire and in the API alike. The numbers travel in
 * ERROR frames and as the application error codes of QUIC's RESET_STREAM and
 * CONNECTION_CLOSE (RFC 9000 §20.2); they never change their meaning.
 */
public enum ErrorCode {

	/** Nothing is wrong: an orderly end. */
	NONE(0x00, Severity.CONNECTION, true),
	/** A defect of the one who says it. */
	INTERNAL(0x01, Severity.REQUEST, true),
	/** Bytes that are no frame, or a frame where it must not be. */
	PROTOCOL_VIOLATION(0x02, Severity.CONNECTION, false),
	/** A frame longer than the limit that was agreed. */
	FRAME_TOO_LARGE(0x03, Severity.STREAM, false),
	/** A frame of an unknown type that must not be skipped. */
	UNKNOWN_FRAME(0x04, Severity.STREAM, false),
	/** No version of the protocol that both sides speak. */
	UNSUPPORTED_VERSION(0x05, Severity.CONNECTION, false),
	/** The peer did not answer pings for too long. */
	HEARTBEAT_TIMEOUT(0x06, Severity.CONNECTION, true),
	/** The broker goes away, for a restart perhaps. */
	GOING_AWAY(0x07, Severity.CONNECTION, true),
	/** The token is missing or wrong. */
	UNAUTHENTICATED(0x08, Severity.CONNECTION, false),
	/** The broker cannot take more now. */
	OVERLOADED(0x09, Severity.REQUEST, true),
	/** This broker has no such feature. */
	NOT_SUPPORTED(0x0A, Severity.REQUEST, false),

	/** A name or a value in a request is not allowed. */
	INVALID_REQUEST(0x10, Severity.REQUEST, false),
	/** There is no such producer in this session. */
	UNKNOWN_PRODUCER(0x11, Severity.REQUEST, true),
	/** A newer producer of the same name took over. */
	PRODUCER_FENCED(0x12, Severity.REQUEST, false),
	/** A producer of the same name is connected. */
	PRODUCER_BUSY(0x13, Severity.REQUEST, true),
	/** There is no such consumer in this session. */
	UNKNOWN_CONSUMER(0x14, Severity.REQUEST, true),
	/** The subscription has a consumer that must go first, or is being changed. */
	SUBSCRIPTION_BUSY(0x15, Severity.REQUEST, true),
	/** The subscription exists with another type. */
	SUBSCRIPTION_TYPE_MISMATCH(0x16, Severity.REQUEST, false),
	/** A message larger than the broker takes. */
	MESSAGE_TOO_LARGE(0x17, Severity.REQUEST, false),
	/** Storage failed, and does not recover by itself. */
	STORAGE_FAILED(0x18, Severity.REQUEST, false),
	/** The subscription was moved, and not by this consumer. */
	SUBSCRIPTION_MOVED(0x19, Severity.REQUEST, true),
	/**
	 * The store cannot write now: the disk is full, files cannot be opened, an I/O error.
	 * It recovers by itself.
	 */
	STORAGE_UNAVAILABLE(0x1A, Severity.REQUEST, true),
	/** Something that is stored of the topic is damaged; other topics are not. */
	TOPIC_DAMAGED(0x1B, Severity.REQUEST, false),
	/** The broker has as many of what the request asks for as it is configured to. */
	LIMIT_EXCEEDED(0x1C, Severity.REQUEST, true),
	/** The same consumer was introduced again, with a later epoch. */
	CONSUMER_REPLACED(0x1D, Severity.REQUEST, false),
	/** The client may not do this, whoever it is. */
	UNAUTHORIZED(0x1E, Severity.REQUEST, false),
	/** The bytes of a batch are not those of which its producer made the checksum. */
	CHECKSUM_MISMATCH(0x1F, Severity.REQUEST, false),
	/** There is no such topic or subscription, or no such delayed message any more. */
	NOT_FOUND(0x20, Severity.REQUEST, false),
	/**
	 * The topic has as many bytes that are not acknowledged as it may have. Clients do
	 * not try again by themselves.
	 */
	BACKLOG_QUOTA_EXCEEDED(0x21, Severity.REQUEST, true),
	/**
	 * The subscription has come to an entry that is damaged, and goes on when an
	 * administrator has skipped it.
	 */
	ENTRY_DAMAGED(0x22, Severity.REQUEST, true),
	/** The topic has no such partition, as far as this broker knows now. */
	UNKNOWN_PARTITION(0x23, Severity.REQUEST, true),
	/**
	 * The topic has producers or consumers, and is not deleted; or it is being given
	 * partitions, and its subscriptions stay as they are meanwhile.
	 */
	TOPIC_BUSY(0x24, Severity.REQUEST, true),

	/** Nobody answered at the address; is UDP blocked? */
	UNREACHABLE(0x40, Severity.CONNECTION, true),
	/** The peer's certificate is not trusted. */
	UNTRUSTED_CERTIFICATE(0x41, Severity.CONNECTION, false),
	/** The connection broke. */
	CONNECTION_LOST(0x42, Severity.CONNECTION, true),
	/** No answer in time. */
	TIMEOUT(0x43, Severity.REQUEST, true),
	/** The client, producer or consumer was closed. */
	CLOSED(0x44, Severity.REQUEST, false),
	/** The producer's queue is full. */
	QUEUE_FULL(0x45, Severity.REQUEST, true),
	/** The waiting thread was interrupted. */
	INTERRUPTED(0x46, Severity.REQUEST, false),
	/** A value cannot be encoded or a payload decoded. */
	SCHEMA(0x47, Severity.REQUEST, false),
	/** A setting is wrong. */
	INVALID_CONFIGURATION(0x48, Severity.REQUEST, false);

	/** How far the damage goes. */
	public enum Severity {

		/** One request failed; the stream lives on. */
		REQUEST,
		/** The stream is reset; the connection lives on. */
		STREAM,
		/** The connection is closed. */
		CONNECTION

	}

	private static final Map<Integer, ErrorCode> BY_NUMBER = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(ErrorCode::number, Function.identity()));

	private final int number;

	private final Severity severity;

	private final boolean retryable;

	ErrorCode(int number, Severity severity, boolean retryable) {
		this.number = number;
		this.severity = severity;
		this.retryable = retryable;
	}

	/**
	 * The code on the wire.
	 * @return a number from 0 to 0x3FFF
	 */
	public int number() {
		return this.number;
	}

	/**
	 * How far the damage goes.
	 * @return the severity
	 */
	public Severity severity() {
		return this.severity;
	}

	/**
	 * Whether the same request may succeed later.
	 * @return whether a retry makes sense
	 */
	public boolean retryable() {
		return this.retryable;
	}

	/**
	 * The code with a number; {@link #INTERNAL} for numbers that this version does not
	 * know, so that a newer peer can add codes.
	 * @param number the number on the wire
	 * @return the code
	 */
	public static ErrorCode of(long number) {
		return (number >= 0 && number <= Integer.MAX_VALUE) ? BY_NUMBER.getOrDefault((int) number, INTERNAL) : INTERNAL;
	}

}
