package io.weir.broker.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends the process when it can do nothing better: after the heap was exhausted, when any
 * thread may have been hit in the middle of anything, and when an orderly end takes too
 * long. What was confirmed is stored, and whoever supervises the process starts another.
 */
final class LastResort implements Consumer<Error>, Thread.UncaughtExceptionHandler {

	/** That of {@code -XX:+ExitOnOutOfMemoryError}. */
	static final int OUT_OF_MEMORY = 3;

	static final int DID_NOT_END = 4;

	/** Made before it is needed: then there may be no memory for it. */
	private static final byte[] OUT_OF_MEMORY_MESSAGE = """
			The broker has run out of memory and ends, since nobody knows what else is broken. What it confirmed is stored. \
			Give it more memory (-Xmx), or lower weir.broker.limits.*
			"""
		.getBytes(StandardCharsets.UTF_8);

	private static final byte[] DID_NOT_END_MESSAGE = """
			The broker did not end in time and is ended by force. What it confirmed is stored.
			""".getBytes(StandardCharsets.UTF_8);

	/** Not {@code System.err}, whose buffers may have to grow. */
	private static final OutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);

	/** Looks after all threads of this process, and after its end. */
	void install(Duration longestEnd) {
		prepareToWrite();
		Thread.setDefaultUncaughtExceptionHandler(this);
		CountDownLatch never = new CountDownLatch(1);
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			// A daemon goes on while the other hooks run, and keeps nobody from ending.
			Thread deadline = new Thread(() -> haltAfter(longestEnd, never), "weir-last-resort");
			deadline.setDaemon(true);
			deadline.start();
		}, "weir-shutdown"));
	}

	/** Has the JVM load what writing takes while it can. */
	private static void prepareToWrite() {
		try {
			STANDARD_ERROR.write(OUT_OF_MEMORY_MESSAGE, 0, 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void haltAfter(Duration longestEnd, CountDownLatch never) {
		try {
			if (!never.await(longestEnd.toMillis(), TimeUnit.MILLISECONDS)) {
				halt(DID_NOT_END_MESSAGE, DID_NOT_END);
			}
		}
		catch (InterruptedException ex) {
			halt(DID_NOT_END_MESSAGE, DID_NOT_END);
		}
	}

	/**
	 * Direct memory that is refused was not taken by anybody: that alone breaks nothing.
	 * Netty has a class of its own for it, which is not named here: there may be no
	 * memory to load it.
	 */
	static boolean isUnsound(Throwable failure) {
		if (failure.getClass() != OutOfMemoryError.class) {
			return false;
		}
		String message = failure.getMessage();
		return message == null || !message.contains("direct buffer memory");
	}

	@Override
	public void accept(Error error) {
		if (isUnsound(error)) {
			halt(OUT_OF_MEMORY_MESSAGE, OUT_OF_MEMORY);
		}
	}

	@Override
	public void uncaughtException(Thread thread, Throwable failure) {
		try {
			if (!isUnsound(failure)) {
				System.err.print("Exception in thread \"" + thread.getName() + "\" ");
				failure.printStackTrace();
				return;
			}
		}
		catch (OutOfMemoryError ex) {
			// Not even enough to look at the failure or to print it.
		}
		halt(OUT_OF_MEMORY_MESSAGE, OUT_OF_MEMORY);
	}

	/** Without shutdown hooks, which might wait for what is broken. */
	private static void halt(byte[] message, int status) {
		try {
			STANDARD_ERROR.write(message);
		}
		catch (IOException ex) {
			// Nobody reads it.
		}
		finally {
			Runtime.getRuntime().halt(status);
		}
	}

}
