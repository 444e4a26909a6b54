#!/bin/sh
# A clean Debian with a network, processes and files of its own, in which a command is run;
# nothing of it is left afterwards. As root:
#
#   clean_root.sh make DIRECTORY             makes the Debian
#   clean_root.sh run DIRECTORY COMMAND...   runs COMMAND in it, and exits with its code
#
# The release is this machine's own, so that programs compiled here run there, or a newer one
# that LAB_TEST_RELEASE names.
set -eu

make_root() {
    . /etc/os-release
    mmdebstrap --quiet --variant=apt --include=ca-certificates,iproute2,login,procps \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        "${LAB_TEST_RELEASE:-$VERSION_CODENAME}" "$1"
    # The daemon's own storage must not lie on another overlay, so it has the root's disk.
    mkdir -p "$1/var/lib/docker"
    cp /etc/resolv.conf "$1/etc/resolv.conf"
    echo clean > "$1/etc/hostname"
}

# The network: a pair of interfaces, one of them in a namespace of its own, and NAT.
plug() {
    ip netns add "$name"
    ip link add "$name" type veth peer name eth0 netns "$name"
    ip address add "$net.1/30" dev "$name"
    ip link set "$name" up
    ip -n "$name" address add "$net.2/30" dev eth0
    ip -n "$name" link set eth0 up
    ip -n "$name" link set lo up
    ip -n "$name" route add default via "$net.1"
    echo 1 > /proc/sys/net/ipv4/ip_forward
    nat -A
}

nat() {
    iptables -t nat "$1" POSTROUTING -s "$net.0/30" -j MASQUERADE
    iptables "$1" FORWARD -s "$net.0/30" -j ACCEPT
    iptables "$1" FORWARD -d "$net.0/30" -j ACCEPT
}

unplug() {
    nat -D 2>/dev/null || true
    ip link delete "$name" 2>/dev/null || true
    ip netns delete "$name" 2>/dev/null || true
}

# In the new mount and process namespaces: the kernel's files, then the root.
enter() {
    root=$1
    shift
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null
}

run_in() {
    # Both short enough for an interface's name and different for two runs at once.
    name=lab$(($$ % 100000))
    net=10.213.$(($$ % 256))
    trap unplug EXIT
    trap 'exit 130' INT TERM HUP
    plug
    # When the first process of the process namespace ends, the kernel ends all others,
    # and with the last of them go the mounts.
    nsenter --net="/run/netns/$name" \
        unshare --mount --pid --fork --kill-child sh "$0" enter "$@"
}

verb=$1
shift
case $verb in
    make) make_root "$@" ;;
    run) run_in "$@" ;;
    enter) enter "$@" ;;
    *) exit 2 ;;
esac
