package io.weir.spring.autoconfigure.info;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.weir.client.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.WeirClients;

/**
 * Auto-configuration of what the endpoint {@code info} tells of the client; turned off by
 * {@code management.info.weir.enabled=false}.
 */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass({ WeirClient.class, InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(WeirClient.class)
@ConditionalOnEnabledInfoContributor("weir")
public final class WeirInfoContributorAutoConfiguration {

	WeirInfoContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "weirInfoContributor")
	WeirInfoContributor weirInfoContributor(WeirClients clients) {
		return new WeirInfoContributor(clients);
	}

}
