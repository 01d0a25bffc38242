package io.weir.spring.autoconfigure.common;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

import io.weir.concurrent.Causes;

/**
 * Analyses that Netty's native QUIC library is absent, or there twice. Comes first,
 * because others see only that the client or the broker could not be made.
 */
@Order(0)
final class NativeQuicFailureAnalyzer extends AbstractFailureAnalyzer<LinkageError> {

	private static final String ADD = "Add io.netty:netty-codec-native-quic with the classifier of your platform to the "
			+ "class path, such as osx-x86_64; for Linux (x86_64, aarch_64), macOS on Apple silicon and Windows "
			+ "io.weir:messaging-netty-natives has it. On Linux it needs glibc; images with musl, such as Alpine, "
			+ "do not work.";

	private static final String ONE_OF_TWO = "Leave out io.netty:netty-codec-native-quic, or exclude "
			+ "io.weir:messaging-netty-natives from the dependencies of io.weir.";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, LinkageError cause) {
		if (!isQuic(cause)) {
			return null;
		}
		String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
		return new FailureAnalysis("The native QUIC library for " + platform + " could not be loaded: " + cause,
				isThereTwice(cause) ? ONE_OF_TWO : ADD, cause);
	}

	/** So Netty begins, of libraries with other content. */
	private static boolean isThereTwice(Throwable failure) {
		IllegalStateException refusal = Causes.find(failure, IllegalStateException.class);
		return refusal != null && String.valueOf(refusal.getMessage()).startsWith("Multiple resources found");
	}

	/** Netty names the library in a cause, and its QUIC classes in the stack. */
	private static boolean isQuic(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (String.valueOf(cause.getMessage()).contains("netty_quiche")) {
				return true;
			}
			for (StackTraceElement element : cause.getStackTrace()) {
				if (element.getClassName().startsWith("io.netty.handler.codec.quic.")) {
					return true;
				}
			}
		}
		return false;
	}

}
