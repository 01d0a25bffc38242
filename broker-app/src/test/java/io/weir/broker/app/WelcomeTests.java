package io.weir.broker.app;

import java.net.InetAddress;
import java.net.URI;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WelcomeTests {

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 127.0.0.1", "::1, [0:0:0:0:0:0:0:1]", "0.0.0.0, localhost", "::, localhost" })
	void addressOfHttpMustBeAUrl(String address, String host) throws Exception {
		URI url = URI.create(Welcome.httpUrl(InetAddress.getByName(address), 7751));
		assertThat(url.getHost()).isEqualTo(host);
		assertThat(url.getPort()).isEqualTo(7751);
	}

}
