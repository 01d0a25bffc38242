package io.weir.wire;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a log readable while the same thing happens again and again: so many lines in a
 * period, the next one with the number of those that were left out; and the stack trace
 * of a failure once for each place that it comes from. Safe to use from any thread.
 */
public final class LogLimit {

	/** What an application that fails in ever new places may make this remember. */
	private static final int MAX_KINDS = 100;

	/** Longer chains of causes are cycles. */
	private static final int DEEPEST = 20;

	private final int lines;

	private final long periodNanos;

	private final LongSupplier nanoTime;

	private final Set<String> kinds = new HashSet<>();

	private long periodStart;

	private int written;

	private long leftOut;

	/** Creates a limit of 10 lines in 10 seconds. */
	public LogLimit() {
		this(10, Duration.ofSeconds(10), System::nanoTime);
	}

	/**
	 * Creates a limit.
	 * @param lines how many lines may be written in each period
	 * @param period how long a period is
	 * @param nanoTime what time it is
	 */
	public LogLimit(int lines, Duration period, LongSupplier nanoTime) {
		this.lines = lines;
		this.periodNanos = period.toNanos();
		this.nanoTime = nanoTime;
		this.periodStart = nanoTime.getAsLong();
	}

	/**
	 * Asks for a line.
	 * @return the line, or {@code null} if it is to be left out
	 */
	public @Nullable Line next() {
		return next(null);
	}

	/**
	 * Asks for a line about a failure. The first of its kind is never left out.
	 * @param failure the failure
	 * @return the line, or {@code null} if it is to be left out
	 */
	public synchronized @Nullable Line next(@Nullable Throwable failure) {
		long now = this.nanoTime.getAsLong();
		if (now - this.periodStart >= this.periodNanos) {
			this.periodStart = now;
			this.written = 0;
		}
		boolean first = failure != null && this.kinds.size() < MAX_KINDS && this.kinds.add(kind(failure));
		if (this.written >= this.lines && !first) {
			this.leftOut++;
			return null;
		}
		this.written++;
		Line line = new Line(this.leftOut, (first && failure != null) ? ifPrintable(failure) : null);
		this.leftOut = 0;
		return line;
	}

	/**
	 * The same class from the same place, whatever the message says. The methods of an
	 * application's exceptions may fail; such a one is of the kind of its class.
	 */
	private static String kind(Throwable failure) {
		try {
			return failure.getClass().getName() + ' ' + origin(failure);
		}
		catch (Throwable ex) {
			return failure.getClass().getName();
		}
	}

	private static String origin(Throwable failure) {
		Throwable root = failure;
		for (int depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
			root = root.getCause();
		}
		StackTraceElement[] stack = root.getStackTrace();
		return root.getClass().getName() + ((stack.length > 0) ? " at " + stack[0] : "");
	}

	/** Else a log might fail where it prints the failure. */
	private static @Nullable Throwable ifPrintable(Throwable failure) {
		try {
			PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
			failure.printStackTrace(nowhere);
			Throwable part = failure;
			for (int depth = 0; part != null && depth < DEEPEST; depth++) {
				nowhere.print(part.getMessage());
				part = part.getCause();
			}
			return failure;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * A line that may be written.
	 *
	 * @param leftOut how many were left out before it
	 * @param trace what to print the stack trace of: the failure if it is the first of
	 * its kind and can be printed, else {@code null}
	 */
	public record Line(long leftOut, @Nullable Throwable trace) {

		/**
		 * How a line ends.
		 * @return nothing, or how many lines like it were left out
		 */
		public String ending() {
			return (this.leftOut > 0) ? " (" + this.leftOut + " more like this were not logged)" : "";
		}

	}

}
