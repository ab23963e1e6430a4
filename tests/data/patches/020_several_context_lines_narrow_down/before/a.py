class A:
    def stop(self):
        pass

    def run(self):
        pass


class B:
    def stop(self):
        pass

    def run(self):
        pass
