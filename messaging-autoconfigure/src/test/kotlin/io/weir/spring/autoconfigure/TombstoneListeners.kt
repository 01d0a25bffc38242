package io.weir.spring.autoconfigure

import io.weir.spring.WeirHeaders
import io.weir.spring.WeirListener
import org.springframework.messaging.handler.annotation.Header
import java.util.concurrent.ConcurrentLinkedQueue

/** What users of Kotlin write about messages that delete their key. */
class TombstoneListeners {

    val heard = ConcurrentLinkedQueue<String>()

    @WeirListener(id = "nullable", topics = ["nullable"])
    fun nullable(text: String?, @Header(WeirHeaders.KEY) key: String) {
        heard.add("$text of $key")
    }

    @WeirListener(id = "suspending", topics = ["suspending"])
    suspend fun suspending(amounts: Map<String, Int>?) {
        heard.add("suspending $amounts")
    }

    @WeirListener(id = "required", topics = ["required"])
    fun required(amounts: Map<String, Int>) {
        heard.add("required $amounts")
    }

}
