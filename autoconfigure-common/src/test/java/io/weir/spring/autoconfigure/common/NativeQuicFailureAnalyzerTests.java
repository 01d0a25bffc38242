package io.weir.spring.autoconfigure.common;

import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

class NativeQuicFailureAnalyzerTests {

	@Test
	void aMissingNativeLibraryIsNamedWithItsPlatform() {
		Throwable failure = new UnsatisfiedLinkError("failed to load the required native library")
			.initCause(new IllegalArgumentException("no netty_quiche42_linux_x86_64 in java.library.path"));
		FailureAnalysis analysis = FailureAnalyses
			.of(new IllegalStateException("context", new IllegalStateException("No native QUIC library", failure)));
		assertThat(analysis.getDescription()).contains(System.getProperty("os.arch"));
		assertThat(analysis.getAction()).contains("netty-codec-native-quic", "glibc");
	}

	@Test
	void ofTwoNativeLibrariesOneIsToBeLeftOut() {
		Throwable failure = new ExceptionInInitializerError(new IllegalStateException("Multiple resources found for "
				+ "'META-INF/native/libnetty_quiche42_linux_x86_64.so' with different content: [one, other]"));
		FailureAnalysis analysis = FailureAnalyses.of(new IllegalStateException("No native QUIC library", failure));
		assertThat(analysis.getDescription()).contains("QUIC");
		assertThat(analysis.getAction()).contains("exclude io.weir:messaging-netty-natives");
	}

	@Test
	void otherNativeLibrariesAreLeftToOthers() {
		assertThat(new NativeQuicFailureAnalyzer().analyze(new UnsatisfiedLinkError("no rocksdbjni"))).isNull();
	}

}
