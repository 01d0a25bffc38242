package io.weir.spring.autoconfigure.diagnostics;

import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import io.weir.client.WeirException;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

class FailureAnalyzerTests {

	@ParameterizedTest
	@CsvSource({ "UNREACHABLE, UDP", "TIMEOUT, UDP", "UNTRUSTED_CERTIFICATE, weir.client.ssl.fingerprint",
			"UNTRUSTED_CERTIFICATE, weir.client.ssl.bundle", "UNAUTHENTICATED, weir.client.auth.token",
			"UNSUPPORTED_VERSION, same protocol", "INVALID_CONFIGURATION, weir.client" })
	void failuresToConnectComeWithWhatToDo(ErrorCode code, String advice) {
		FailureAnalysis analysis = new ConnectionFailureAnalyzer()
			.analyze(new IllegalStateException("context", new WeirException(code, "what happened")));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains(code.name(), "what happened");
		assertThat(analysis.getAction()).contains(advice);
	}

	@Test
	void otherFailuresAreLeftToOthers() {
		assertThat(new ConnectionFailureAnalyzer().analyze(new WeirException(ErrorCode.QUEUE_FULL, "full"))).isNull();
	}

	@Test
	void aMissingNativeLibraryIsNamedWithItsPlatform() {
		Throwable failure = new UnsatisfiedLinkError("failed to load the required native library")
			.initCause(new IllegalArgumentException("no netty_quiche42_linux_x86_64 in java.library.path"));
		FailureAnalysis analysis = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, (type, name, problem) -> {
			})
			.stream()
			.map((analyzer) -> analyzer.analyze(new IllegalStateException("context",
					new WeirException(ErrorCode.INVALID_CONFIGURATION, "No native QUIC library", failure))))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
		assertThat(analysis.getDescription()).contains(System.getProperty("os.arch"));
		assertThat(analysis.getAction()).contains("netty-codec-native-quic", "glibc");
	}

	@Test
	void otherNativeLibrariesAreLeftToOthers() {
		assertThat(new NativeQuicFailureAnalyzer().analyze(new UnsatisfiedLinkError("no rocksdbjni"))).isNull();
	}

}
