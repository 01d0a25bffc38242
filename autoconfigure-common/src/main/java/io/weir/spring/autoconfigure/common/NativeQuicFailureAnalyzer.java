package io.weir.spring.autoconfigure.common;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Analyses the absence of Netty's native QUIC library. Comes first, because others see
 * only that the client or the broker could not be made.
 */
@Order(0)
final class NativeQuicFailureAnalyzer extends AbstractFailureAnalyzer<UnsatisfiedLinkError> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnsatisfiedLinkError cause) {
		if (!isQuic(cause)) {
			return null;
		}
		String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
		return new FailureAnalysis("The native QUIC library for " + platform + " could not be loaded: " + cause,
				"Add io.netty:netty-codec-native-quic with the classifier of your platform to the class path, "
						+ "such as linux-x86_64, linux-aarch_64, osx-aarch_64 or windows-x86_64. "
						+ "On Linux it needs glibc; images with musl, such as Alpine, do not work.",
				cause);
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
