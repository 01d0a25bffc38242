package io.weir.spring.autoconfigure.diagnostics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

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

}
