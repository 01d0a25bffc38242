package io.weir.spring.autoconfigure.broker;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether the application starts a broker in its own process.
 *
 * @param enabled Whether to start a broker in this process and talk to it, whatever
 * weir.client.service-url says.
 * @param dataDirectory Directory in which the embedded broker keeps messages; takes
 * precedence over weir.broker.data-directory. Without either, messages are in memory and
 * gone with the process.
 */
@ConfigurationProperties("weir.embedded")
public record WeirEmbeddedProperties(@DefaultValue("false") boolean enabled, @Nullable Path dataDirectory) {

}
