# Two stages: Maven builds the two jars, and the image that runs has a JRE, the jars and the launchers.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
# What Maven fetches stays in a cache of the builder, not in a layer: a changed pom fetches only what is new.
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -DskipTests -Dexec.skip -pl kv-server,kv-cli -am package

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 kv \
    && useradd --uid 10001 --gid kv --no-create-home --home-dir /data --shell /usr/sbin/nologin kv \
    # Owned in the image, so that a new named volume is owned too.
    && install -d -o kv -g kv /data /opt/raftkv/lib
COPY bin /opt/raftkv/bin
COPY --from=build --chown=kv:kv /src/kv-server/target/kv-server.jar /src/kv-cli/target/kv-cli.jar /opt/raftkv/lib/
ENV PATH=/opt/raftkv/bin:$PATH
USER kv
# Archives of loaded classes hold for one build of Java and one place of the jar: made here.
RUN . /opt/raftkv/bin/find-java.sh && find_java \
    && cd /opt/raftkv/lib \
    && java -Xshare:off -XX:DumpLoadedClassList=/tmp/classes -XX:+UseG1GC -cp "$PWD/kv-server.jar" raftkv.server.Rehearsal \
    && java -Xshare:dump -XX:SharedClassListFile=/tmp/classes -XX:SharedArchiveFile="kv-server-$java_build.jsa" \
       -Xlog:disable -XX:+UseG1GC -cp "$PWD/kv-server.jar" \
    && java -Xshare:off -XX:DumpLoadedClassList=/tmp/classes -XX:+UseSerialGC -cp "$PWD/kv-cli.jar" raftkv.cli.Rehearsal \
    && java -Xshare:dump -XX:SharedClassListFile=/tmp/classes -XX:SharedArchiveFile="kv-cli-$java_build.jsa" \
       -Xlog:disable -XX:+UseSerialGC -cp "$PWD/kv-cli.jar" \
    && rm /tmp/classes
WORKDIR /data
ENV KV_DATA_DIR=/data KV_LOG_TO=console
VOLUME /data
EXPOSE 9001 9002 9003
# No ENTRYPOINT: `docker run IMAGE kv-cli ...` works as well. The launcher execs java, which is PID 1.
CMD ["kv-server"]
